// What the page says about itself: the banner above the grid, and the note beside the save button.
import { one } from "./cells.js";

const place = () => document.getElementById("grid-banner");

export const banner = (kind, text, actions = []) => {
  place().replaceChildren();
  if (!text) return;
  const box = document.createElement("div");
  box.className = `flash flash-${kind} grid-banner`;
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words, ...actions);
  place().append(box);
  place().scrollIntoView({ block: "nearest" });
};
export const button = (text, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn quiet mini";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
};
export const note = (text) => {
  const beside = one("[data-saving-note]");
  if (beside) beside.textContent = text;
};
