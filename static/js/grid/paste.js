// A block from a spreadsheet fills the boxes from the one in hand downwards.
import { ask, boxOf, cellOf, cells, forget, plural, refresh, unsay } from "./cells.js";
import { keepDraft } from "./drafts.js";
import { note } from "./messages.js";

const fill = (rows, places) => {
  const count = { filled: 0, homeless: 0, taken: 0 };
  rows.forEach((row, n) => {
    const value = row[0].trim();
    const cell = places[n];
    if (!cell) {
      if (row.some((text) => text.trim())) count.homeless += 1;
    } else if (value && !boxOf(cell).matches("input")) {
      count.taken += 1;
    } else if (value) {
      boxOf(cell).value = value;
      forget(cell);
      unsay(cell);
      ask(boxOf(cell));
      count.filled += 1;
    }
  });
  return count;
};
const tell = ({ filled, homeless, taken }, isWide) => {
  const said = [`${plural(filled, "value")} pasted`];
  if (homeless) said.push(`${plural(homeless, "row")} had no measure`);
  if (taken) said.push(taken === 1 ? "one is already saved: open it to correct it" : `${taken} are already saved: open them to correct them`);
  if (isWide) said.push("only the first column was used, because one checkpoint is open");
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
    const places = cells();
    const count = fill(rows, places.slice(places.indexOf(cellOf(box))));
    tell(count, rows.some((row) => row.slice(1).some((value) => value.trim())));
    keepDraft();
    refresh();
  });
};
