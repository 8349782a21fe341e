// Moving by keyboard: Enter and the arrows between boxes, F2 to open, Esc to go back, Ctrl+S to save.
import { ask, boxOf, cellOf, forget, form, isBox, isChanged, isKnown, putBack, refresh, saveButton, unsay } from "./cells.js";
import { closeCorrection } from "./corrections.js";
import { keepDraft } from "./drafts.js";
import { nextBox } from "./places.js";

const move = (box, way) => {
  const next = nextBox(box, way);
  if (!next) return false;
  next.focus();
  if (next.select) next.select();
  next.scrollIntoView({ block: "nearest" });
  return true;
};
const selects = (box, start, end) => box.selectionStart === start && box.selectionEnd === end;
const whole = (box) => selects(box, 0, box.value.length);
const atStart = (box) => selects(box, 0, 0) && !whole(box);
const atEnd = (box) => selects(box, box.value.length, box.value.length) && !whole(box);

const back = (field) => {
  const cell = cellOf(field);
  if (!cell || !isKnown(field)) return;
  if (!isChanged(field)) {
    if (cell.classList.contains("correcting")) closeCorrection(cell);
    return;
  }
  putBack(field);
  forget(cell);
  unsay(cell);
  if (field.value) ask(field);
  keepDraft();
  refresh();
};
// Enter in "why" or "because" goes on to the next cell, as it does in the box itself.
const besideBox = (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches("input:not([type=radio], [type=checkbox])")) return;
  event.preventDefault();
  if (field.matches("input.reason")) move(boxOf(cellOf(field)), { down: 1 });
};
const inBox = (event) => {
  const box = event.target;
  const isLink = box.matches("a");
  const went = (way) => { if (!event.shiftKey && move(box, way)) event.preventDefault(); };
  switch (event.key) {
    case "Enter":
      if (isLink) return;
      event.preventDefault();
      if (!move(box, { down: event.shiftKey ? -1 : 1 }) && !event.shiftKey && saveButton()) saveButton().focus();
      break;
    case "F2":
      event.preventDefault();
      if (isLink) box.click();
      else box.setSelectionRange(box.value.length, box.value.length);
      break;
    case "ArrowDown": went({ down: 1 }); break;
    case "ArrowUp": went({ down: -1 }); break;
    case "ArrowRight": if (!isLink && box.value && atEnd(box)) went({ across: 1 }); break;
    case "ArrowLeft": if (!isLink && box.value && atStart(box)) went({ across: -1 }); break;
  }
};

export const start = () => {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (saveButton()) form().requestSubmit(saveButton());
    } else if (form().contains(event.target) && !event.isComposing && !event.altKey) {
      if (event.key === "Escape") back(event.target);
      else if (isBox(event.target)) inBox(event);
      else besideBox(event);
    }
  });
};
