// A saved reading opens to be corrected without leaving the page, and closes again as it was.
import { boxOf, cellOf, form, one, refresh, remember, saveButton } from "./cells.js";
import { failed, fetchPart } from "./connection.js";
import { keepDraft } from "./drafts.js";

const saved = new Map();

export const openCorrection = async (cell, { quietly = false } = {}) => {
  const link = one("a[data-correct]", cell);
  let part = null;
  try { part = await fetchPart(link.href); } catch (_) {
    if (!quietly) failed("To correct a saved reading you need a connection.", () => openCorrection(cell));
    return;
  }
  const opened = part && part.getElementById(cell.id);
  if (!opened) return;
  saved.set(cell.id, cell);
  const placed = document.importNode(opened, true);
  cell.replaceWith(placed);
  ensureSaveBar(part);
  if (window.htmx) window.htmx.process(placed);
  remember();
  refresh();
  if (quietly) return;
  const box = boxOf(placed);
  box.focus();
  box.select();
};
export const closeCorrection = (cell) => {
  const before = saved.get(cell.id);
  if (!before) {
    location.assign(one("[data-leave-correction]", cell).href);
    return;
  }
  cell.replaceWith(before);
  boxOf(before).focus();
  keepDraft();
  refresh();
};
// When everything was saved there was no save bar: the first correction brings it.
const ensureSaveBar = (part) => {
  const bar = !saveButton() && one(".savebar", part);
  if (bar) form().append(document.importNode(bar, true));
};

export const start = () => {
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("a[data-correct]");
    if (opens && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openCorrection(cellOf(opens));
    }
    const closes = event.target.closest("[data-leave-correction]");
    if (closes) {
      event.preventDefault();
      closeCorrection(cellOf(closes));
    }
  });
};
