// Where the cells stand: one below the other, or in rows and columns (data-at="row,column").
import { all, boxes, boxOf, cellOf, cells, form, one } from "./cells.js";

const narrow = window.matchMedia("(max-width: 720px)");
const placeOf = (cell) => cell.dataset.at && cell.dataset.at.split(",").map(Number);

// On a phone the cells of a row stand one below the other, so moving follows the page.
const followsThePage = (box) => !cellOf(box).dataset.at || narrow.matches;
const nextOnPage = (box, by) => {
  const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  return boxes()[by > 0 ? "find" : "findLast"]((other) => box.compareDocumentPosition(other) & side);
};
// The nearest box in one direction: closed cells between are passed over.
export const nextBox = (box, { down = 0, across = 0 }) => {
  if (followsThePage(box)) return nextOnPage(box, down + across);
  const [row, column] = placeOf(cellOf(box));
  const away = (cell) => {
    const [r, c] = placeOf(cell);
    return down ? (c === column && (r - row) * down) : (r === row && (c - column) * across);
  };
  const there = cells().filter((cell) => away(cell) > 0 && boxOf(cell) && boxOf(cell).offsetParent !== null);
  const nearest = there.sort((one, other) => away(one) - away(other))[0];
  return nearest && boxOf(nearest);
};
// Rows and columns as a block from a spreadsheet sees them. Where one column is open, only that one has cells.
const rows = () => all("tbody tr", form());
export const columnHeads = () => all("thead th[data-called]", form());
export const isOpenColumn = (head) => head.classList.contains("now") || !one("thead th.now", form());
export const openColumn = () => one("thead th.now", form()).dataset.title;
export const rowFrom = (first, down) => rows()[rows().indexOf(first.closest("tr")) + down];
export const columnOf = (cell) => (hasColumns(cell) ? placeOf(cell)[1] : columnHeads().findIndex(isOpenColumn));
export const cellIn = (row, column) => all("[data-cell]", row).find((cell) => columnOf(cell) === column);
export const hasColumns = (cell) => Boolean(cell.dataset.at);
