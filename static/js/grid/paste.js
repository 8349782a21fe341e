// A block from a spreadsheet goes to the rows and columns that it names. Without names it fills the boxes from the one
// in hand downwards, and to the right where there are columns.
import { readBlock } from "./blocks.js";
import { ask, boxOf, cellOf, forget, isBox, one, plural, refresh, unsay } from "./cells.js";
import { keepDraft } from "./drafts.js";
import { note } from "./messages.js";
import { cellIn, columnOf, hasColumns, openColumn, rowFrom } from "./places.js";

// Two numbers side by side are a ratio where the heading says so; without one, where the second can be nothing else.
const isPlain = (text) => /^\d[\d.,]*$/.test(text);
const isPair = (cell, [value, over], isUnder, beside) => {
  if (!over || !cell || !cell.hasAttribute("data-ratio")) return false;
  return isUnder === null ? !beside && isPlain(value) && isPlain(over) && Number(over) > 1 : isUnder;
};
// A cell of several lines is several timings, where the measure takes them.
const inOneLine = (cell, text) => text.split(/\s*[\n\t]\s*/).filter(Boolean).join(one("[data-timings]", cell) ? "; " : " ");

const put = (cell, text, count) => {
  if (!boxOf(cell).matches("input")) {
    count.taken += 1;
    return;
  }
  boxOf(cell).value = inOneLine(cell, text);
  forget(cell);
  unsay(cell);
  ask(boxOf(cell));
  count.filled += 1;
};
const fill = (block, first) => {
  const count = { filled: 0, taken: 0, homeless: new Set(), outside: 0, wide: false, rows: new Set(), columns: new Set() };
  const used = new Set();
  block.rows.forEach(({ label, named, texts }, down) => {
    const row = block.hasLabels ? named.find((each) => !used.has(each)) || named[0] : rowFrom(first, down);
    used.add(row);
    const cellAt = (at) => {
      const places = block.heads ? block.heads[at] || [] : [columnOf(first) + at];
      return row && places.map((place) => cellIn(row, place)).find(Boolean);
    };
    for (let at = 0; at < texts.length; at += 1) {
      if (!texts[at]) continue;
      const cell = cellAt(at);
      const paired = isPair(cell, texts.slice(at, at + 2), block.under ? Boolean(block.under[at + 1]) : null, cellAt(at + 1));
      if (cell) put(cell, paired ? `${texts[at]}/${texts[at + 1]}` : texts[at], count);
      else if (!row && label) count.rows.add(label);
      else if (row && block.heads) count.columns.add(block.titles[at]);
      else if (row && !hasColumns(first)) count.wide = true;
      else {
        count.homeless.add(down);
        count.outside += 1;
      }
      if (paired) at += 1;
    }
  });
  return count;
};
const quoted = (names) => {
  const some = [...names].slice(0, 3).map((name) => `“${name}”`);
  return names.size > 3 ? `${some.join(", ")} and ${names.size - 3} more` : some.join(", ");
};
const tell = ({ filled, homeless, outside, taken, wide, rows, columns }, first) => {
  const said = [`${plural(filled, "value")} pasted`];
  if (outside && hasColumns(first)) said.push(`${plural(outside, "value")} had no cell to go to`);
  else if (homeless.size) said.push(`${plural(homeless.size, "row")} had no measure`);
  if (rows.size) said.push(`no row here is called ${quoted(rows)}`);
  if (columns.size) said.push(hasColumns(first) ? `no column here takes ${quoted(columns)}` : `only ${openColumn()} was used, because it is open`);
  if (taken) said.push(taken === 1 ? "one is already saved: open it to correct it" : `${taken} are already saved: open them to correct them`);
  if (wide) said.push("only the first column was used, because one checkpoint is open");
  note(`${said.join("; ")}.`);
};

export const start = () => {
  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (!box.matches || !isBox(box)) return;
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const first = cellOf(box);
    tell(fill(readBlock(text), first), first);
    keepDraft();
    refresh();
  });
};
