// The measure grid. Without these scripts it is a plain form that does the same, but for drafts.
import { form, one, refresh, remember } from "./cells.js";
import * as corrections from "./corrections.js";
import * as keyboard from "./keyboard.js";
import * as paste from "./paste.js";
import * as restoring from "./restoring.js";
import * as saving from "./saving.js";
import * as typing from "./typing.js";

if (form()) {
  remember();
  refresh();
  for (const part of [typing, keyboard, paste, corrections, saving]) part.start();
  // What comes back is read by the server again, for which htmx must have seen the boxes: it does so at this event.
  document.addEventListener("DOMContentLoaded", restoring.start);
  const wrong = one("#grid-errors .nhsuk-error-summary");
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (wrong) wrong.focus();
  else if (named) named.focus();
}
