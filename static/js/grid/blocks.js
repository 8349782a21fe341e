// A block from a spreadsheet: its cells, and which of them name a row or a column of the grid.
import { all, form } from "./cells.js";
import { columnHeads, isOpenColumn } from "./places.js";

// A cell that holds a tab, a line end or a quotation mark stands in quotation marks, its own ones doubled.
const CELL = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/gy;
export const cellsIn = (text) => {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(CELL)) {
    rows.at(-1).push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim());
    if (!end) break;
    if (end === "\n") rows.push([]);
  }
  return rows;
};

// Names are the same whatever their case, dashes and spaces; a spreadsheet often adds the unit in brackets.
const plainly = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}%]+/gu, " ").trim();
const namesIn = (text) => new Set((text || "").split("\n").map(plainly).filter(Boolean));
const isCalled = (names, text) => names.has(plainly(text)) || names.has(plainly(text.replace(/\([^()]*\)\s*$/, "")));
const rowsHere = () => all("tbody tr[data-called]", form()).map((row) => ({ row, names: namesIn(row.dataset.called) }));
const columnsHere = () => columnHeads().map((head, place) => ({
  place,
  names: namesIn(head.dataset.called),
  over: namesIn(head.dataset.over),
  isOpen: isOpenColumn(head),
}));

const HEADINGS = /^(measures?|metrics?|names?|period|date|day|week|month|quarter)$/i;
// "30 days" and "60" may be values as well as names, so they name columns only beside something that is no value.
const columnsNamed = (texts, columns) => {
  const found = texts.map((text) => columns.filter(({ names }) => text && isCalled(names, text)));
  const named = texts.filter((text, at) => found[at].length);
  const hasWord = named.some((text) => /\p{L}/u.test(text));
  const isHead = named.some((text) => !/\d/.test(text))
    || (named.length > 0 && HEADINGS.test(texts[0]))
    || (named.length > 1 && (hasWord || !texts[0]))
    || (named.length === 1 && hasWord && (!texts[0] || found[0].some(({ isOpen }) => isOpen)));
  return isHead ? found : null;
};
// Beside the column of a ratio: its outputs, under a heading of their own or under none.
const isUnder = (text, columns) => columns && columns.length && (!text || columns.some(({ over }) => isCalled(over, text)));

// What the block holds. `heads`: for each of its columns the places of the grid's columns of that name, or null where
// it has no headings; `under`: whether its values belong below the line of those before them. `named`: the grid's rows
// of a row's label.
export const readBlock = (text) => {
  const rows = cellsIn(text);
  const here = rowsHere();
  const rowsOf = (label) => here.filter(({ names }) => label && isCalled(names, label)).map(({ row }) => row);
  const isLabel = (label) => rowsOf(label).length > 0;
  const heads = rows.length > 1 && !isLabel(rows[0][0]) ? columnsNamed(rows[0], columnsHere()) : null;
  const body = heads ? rows.slice(1) : rows;
  const firsts = body.map(([first]) => first).filter(Boolean);
  const isBeside = heads && !heads[0].length && (!rows[0][0] || HEADINGS.test(rows[0][0]));
  const hasLabels = body.some((row) => row.length > 1) && firsts.length > 0
    && (isBeside || firsts.some(isLabel) || firsts.every((first) => /^\p{L}/u.test(first)));
  const from = hasLabels ? 1 : 0;
  return {
    hasLabels,
    titles: heads && rows[0].slice(from),
    heads: heads && heads.map((found) => found.map(({ place }) => place)).slice(from),
    under: heads && heads.map((found, at) => at > from && !found.length && isUnder(rows[0][at], heads[at - 1])).slice(from),
    rows: body.map((row) => ({
      label: hasLabels ? row[0] : "",
      named: hasLabels ? rowsOf(row[0]) : [],
      texts: row.slice(from),
    })),
  };
};
