// Typing into a cell: what the server understood of it, the buttons beside a doubt, single timings, "not measured".
import { all, ask, boxOf, cellOf, cells, form, forget, isRead, one, refresh, unsay } from "./cells.js";
import { isSignIn, signedOut } from "./connection.js";
import { eraseDraft, keepDraft } from "./drafts.js";

const typed = (event) => {
  if (!form().contains(event.target)) return;
  const cell = cellOf(event.target);
  if (cell) {
    forget(cell);
    if (isRead(event.target)) {
      for (const doubt of all("[data-doubt], [data-state=err]", cell)) doubt.remove();
      if (!event.target.value.trim()) unsay(cell);
      const kept = one('[name$="-kept"]', cell);
      if (kept) kept.remove();
    }
  }
  keepDraft();
  refresh();
};

// Another sample may be odd where the one before was not, so each value that it belongs to is looked at again.
const sampled = (field) => {
  if (!field.matches("#sample, [data-cell] [name$='-sample']") || !form().contains(field)) return;
  for (const cell of cellOf(field) ? [cellOf(field)] : cells()) {
    const box = boxOf(cell);
    const kept = one('[name$="-kept"]', cell);
    if (kept) kept.remove();
    if (box.matches("input") && box.value) ask(box);
  }
};

// The buttons beside a doubt: what was probably meant, or what was typed.
const use = (button) => {
  const cell = cellOf(button);
  const timings = one("[data-timings]", cell);
  if (timings && timings.value) timings.value = "";
  const box = boxOf(cell);
  box.value = button.dataset.use;
  box.focus();
  unsay(cell);
  ask(box);
  keepDraft();
  refresh();
};
const keep = (button) => {
  const cell = cellOf(button);
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = `${cell.id.slice("cell-".length)}-kept`;
  kept.value = button.dataset.keep;
  cell.append(kept);
  for (const doubt of all("[data-doubt]", cell)) doubt.remove();
  boxOf(cell).focus();
  refresh();
};

// Only what a person opens or closes moves the focus, so the press is noted before the part opens.
const pressed = (summary) => {
  const details = summary.parentElement;
  details.dataset.asked = "true";
  if (!details.matches(".more") || details.open) return;
  setTimeout(() => {
    const first = one("textarea, select", details);
    if (first) first.focus();
  });
};
// "Not measured…" sets the value aside and "Measure" sets the reason aside: going back brings them again.
const setAside = new WeakMap();
const VALUE = "input[data-box], [data-timings]";
const REASON = "details.nm :is(select, input)";
const exchange = (cell, gone, back) => {
  const kept = setAside.get(cell) || new Map();
  setAside.set(cell, kept);
  for (const field of all(gone, cell)) {
    kept.set(field.name, field.value);
    field.value = "";
  }
  for (const field of all(back, cell)) if (!field.value) field.value = kept.get(field.name) || "";
};
const toggled = (event) => {
  const details = event.target;
  const cell = details.matches && details.matches("details.nm") && cellOf(details);
  if (!cell) return;
  if (details.dataset.asked) {
    if (details.open) exchange(cell, VALUE, REASON);
    else exchange(cell, REASON, VALUE);
    forget(cell);
    unsay(cell);
    for (const field of all(VALUE, cell)) if (field.value) ask(field);
    (details.open ? one("select", details) : boxOf(cell)).focus();
    keepDraft();
  }
  delete details.dataset.asked;
  refresh();
};

// The two ways out show in the cell in hand. While a button is held down the page keeps its shape: else the button
// moves away between pressing and letting go, and the click is lost.
let held = false;
let waitingForRelease = [];
const whenReleased = (act) => {
  if (held) waitingForRelease.push(act);
  else act();
};
const release = () => setTimeout(() => {
  held = false;
  const acts = waitingForRelease;
  waitingForRelease = [];
  for (const act of acts) act();
});

const understood = (event) => {
  if (!form().contains(event.detail.elt)) return;
  if (isSignIn(event.detail.xhr.responseURL)) {
    event.detail.shouldSwap = false;
    signedOut();
  } else if (held) {
    event.detail.shouldSwap = false;
    whenReleased(() => ask(event.detail.elt));
  }
};

export const start = () => {
  document.addEventListener("input", typed);
  document.addEventListener("change", (event) => {
    sampled(event.target);
    keepDraft();
    refresh();
  });
  document.addEventListener("toggle", toggled, true);
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const summary = on("details.nm > summary, details.more > summary");
    if (summary) pressed(summary);
    if (on("[data-use]")) use(on("[data-use]"));
    if (on("[data-keep]")) keep(on("[data-keep]"));
    if (on("[data-leave]")) eraseDraft();
  });
  document.addEventListener("pointerdown", () => { held = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release, true);
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest("#grid [data-cell]");
    if (cell) whenReleased(() => { for (const each of cells()) each.classList.toggle("here", each === cell); });
  });
  document.addEventListener("htmx:beforeSwap", understood);
  document.addEventListener("htmx:afterSwap", (event) => { if (form().contains(event.detail.target)) refresh(); });
};
