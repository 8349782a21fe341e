// Where the cells stand: one below the other, or in rows and columns (data-at="row,column").
import { boxes, boxOf, cellOf, cells } from "./cells.js";

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
// Finds the cell so many rows below and columns beside the first one. Without columns there is nothing beside it.
export const cellsFrom = (first) => {
  const place = placeOf(first);
  if (place) {
    const found = new Map(cells().map((cell) => [cell.dataset.at, cell]));
    return (down, across) => found.get(`${place[0] + down},${place[1] + across}`);
  }
  const below = cells();
  const start = below.indexOf(first);
  return (down, across) => (across ? undefined : below[start + down]);
};
export const hasColumns = (cell) => Boolean(cell.dataset.at);
