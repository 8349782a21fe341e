// A block from a spreadsheet fills the boxes from the one in hand downwards, and to the right where there are columns.
import { ask, boxOf, cellOf, forget, plural, refresh, unsay } from "./cells.js";
import { keepDraft } from "./drafts.js";
import { note } from "./messages.js";
import { cellsFrom, hasColumns } from "./places.js";

const fill = (rows, first) => {
  const count = { filled: 0, homeless: new Set(), outside: 0, taken: 0, wide: false };
  const cellAt = cellsFrom(first);
  rows.forEach((row, down) => row.forEach((text, across) => {
    const value = text.trim();
    const cell = cellAt(down, across);
    if (!value) return;
    if (!cell && across && !hasColumns(first)) {
      count.wide = true;
    } else if (!cell) {
      count.homeless.add(down);
      count.outside += 1;
    } else if (!boxOf(cell).matches("input")) {
      count.taken += 1;
    } else {
      boxOf(cell).value = value;
      forget(cell);
      unsay(cell);
      ask(boxOf(cell));
      count.filled += 1;
    }
  }));
  return count;
};
const tell = ({ filled, homeless, outside, taken, wide }, first) => {
  const said = [`${plural(filled, "value")} pasted`];
  if (outside && hasColumns(first)) said.push(`${plural(outside, "value")} had no cell to go to`);
  else if (homeless.size) said.push(`${plural(homeless.size, "row")} had no measure`);
  if (taken) said.push(taken === 1 ? "one is already saved: open it to correct it" : `${taken} are already saved: open them to correct them`);
  if (wide) said.push("only the first column was used, because one checkpoint is open");
  note(`${said.join("; ")}.`);
};

export const start = () => {
  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("input[data-box]")) return;
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const rows = text.split("\n").map((row) => row.split("\t"));
    const first = cellOf(box);
    tell(fill(rows, first), first);
    keepDraft();
    refresh();
  });
};
