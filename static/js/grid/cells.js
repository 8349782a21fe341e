// The form, its cells and its boxes: what was typed, what a cell says, and how many are answered.

const BOX = "[data-box]";

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export const form = () => document.getElementById("grid");
export const cells = () => all("[data-cell]", form());
export const cellOf = (element) => element.closest("[data-cell]");
export const boxOf = (cell) => one(BOX, cell);
export const boxes = () => all(BOX, form()).filter((box) => box.offsetParent !== null);
export const isBox = (element) => element.matches(BOX);
export const isDay = (element) => element.matches("[data-day]");
export const isRead = (element) => element.matches("input[data-box], [data-timings]");
export const fields = () => all("input, select, textarea", form()).filter((field) => field.name && field.type !== "hidden");
export const fieldsNamed = (name) => all(`[name="${CSS.escape(name)}"]`, form());
export const saveButton = () => one("[data-save]", form());

// What a field held when the page came from the server: Esc goes back to it, and drafts hold what differs.
const firstSaid = new WeakMap();
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
export const saidNow = (field) => (ticks(field) ? (field.checked ? field.value : "") : field.value);
export const isChanged = (field) => saidNow(field) !== firstSaid.get(field);
export const remember = () => {
  for (const field of fields()) if (!firstSaid.has(field)) firstSaid.set(field, saidNow(field));
};
export const put = (field, value) => {
  if (ticks(field)) field.checked = value === field.value;
  else field.value = value;
};
export const isKnown = (field) => firstSaid.has(field);
export const putBack = (field) => put(field, firstSaid.get(field));
// What the server sent back is what was typed, so it counts as typed: only empty boxes are as they were.
export const rememberAsEmpty = () => {
  for (const field of fields()) {
    const empty = field.matches("select") ? field.options[0].value : "";
    firstSaid.set(field, field.type === "checkbox" ? "" : empty);
  }
};

const valueOf = (cell, name) => {
  const field = one(`[name$="-${name}"]`, cell);
  return field ? field.value.trim() : "";
};
const stateOf = (cell) => {
  if (cell.hasAttribute("data-saved")) return "saved";
  if (one("fieldset.two", cell) && !one("fieldset.two input:checked", cell)) return "conflict";
  if (one('[data-state="err"], [data-error-of]', cell)) return "err";
  if (valueOf(cell, "value") || valueOf(cell, "timings")) return one("[data-doubt]", cell) ? "warn" : "typed";
  if (valueOf(cell, "not_measured") || valueOf(cell, "because")) return "none";
  return "empty";
};
export const typedCount = () => cells().filter((cell) => !["empty", "saved"].includes(stateOf(cell))).length;

const OPEN_STATES = ["typed", "warn", "err", "none", "conflict"];
export const refresh = () => {
  const count = { saved: 0, typed: 0, warn: 0, none: 0, err: 0, conflict: 0, empty: 0 };
  for (const cell of cells()) {
    const state = stateOf(cell);
    count[state] += 1;
    if (state === "saved") continue;
    const because = one("details.nm", cell);
    // A value that stands beside a reason is shown: only one of them can be saved, and the person chooses which.
    const isAsked = Boolean(because && because.open) && !valueOf(cell, "value") && !valueOf(cell, "timings");
    for (const name of OPEN_STATES) cell.classList.toggle(name, name === state || (name === "none" && isAsked && state === "empty"));
    cell.classList.toggle("asked", isAsked);
    // Whoever set the value aside and gives no reason is asked for it.
    const marker = one("[data-set-aside]", cell);
    if (marker) marker.disabled = !isAsked;
    cell.classList.toggle("filled", state !== "empty");
  }
  sayCount(count);
};
const owedWords = (count) => [
  count.err && `${count.err} to mend`,
  count.conflict && `${count.conflict} to choose`,
  count.warn && `${count.warn} to check`,
].filter(Boolean).join(", ");
const sayCount = (count) => {
  const place = one("[data-answered]");
  if (!place) return;
  const readings = count.typed + count.warn;
  if (form().dataset.counts === "values") {
    // Most cells of such a grid may well stay empty.
    place.textContent = `${plural(readings, "value")} typed`;
    const owed = owedWords(count);
    const stop = document.createElement("span");
    stop.className = "only-desk";
    stop.textContent = ". ";
    one("[data-detail]").replaceChildren(...(owed ? [stop, `${owed}.`] : []));
    return;
  }
  place.textContent = `${count.saved + readings + count.none} of ${cells().length} answered`;
  const kinds = document.createElement("span");
  kinds.className = "only-desk";
  if (count.none) kinds.textContent = `: ${plural(readings, "reading")}, ${count.none} “not measured”. `;
  else if (count.err || count.conflict || count.warn) kinds.textContent = ". ";
  const owed = owedWords(count);
  one("[data-detail]").replaceChildren(kinds, owed && `${owed}.`);
};

// Ask the server how a value is understood.
export const ask = (field) => window.htmx && window.htmx.trigger(field, "read");
// A complaint about a value that stands there no longer.
export const forget = (cell) => {
  for (const message of all("[data-error-of]", cell)) message.remove();
  for (const field of all("[aria-invalid]", cell)) field.removeAttribute("aria-invalid");
  cell.classList.remove("restored");
};
export const unsay = (cell) => {
  const said = one(".said", cell);
  if (said) said.replaceChildren();
};
