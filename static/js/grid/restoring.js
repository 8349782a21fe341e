// What was typed before the sign-in ended or the page was left comes back into its boxes.
import { all, ask, cellOf, fieldsNamed, form, isDay, isRead, one, plural, put, refresh, saidNow, typedCount } from "./cells.js";
import { openCorrection } from "./corrections.js";
import { readDraft } from "./drafts.js";
import { banner } from "./messages.js";

// A correction that was being typed is opened again, so that nothing typed is left out.
const openThoseOf = async (names) => {
  for (const name of names) {
    const cell = document.getElementById(`cell-${name.split("-")[0]}`);
    if (cell && cell.hasAttribute("data-saved") && !fieldsNamed(name).length) await openCorrection(cell, { quietly: true });
  }
};
const restoreField = (field, value) => {
  if (saidNow(field) === value || field.type === "hidden") return false;
  put(field, value);
  const details = field.closest("details");
  if (details) details.open = true;
  const cell = cellOf(field);
  if (cell) cell.classList.add("restored");
  if ((cell && isRead(field)) || isDay(field)) ask(field);
  return true;
};

export const start = async () => {
  const draft = readDraft();
  if (!draft || !draft.typed) return;
  await openThoseOf(Object.keys(draft.typed));
  // The same key: what was saved before the answer got lost is not saved twice.
  if (draft.key && !one("[data-error-of]")) one("[name=key]", form()).value = draft.key;
  let restored = 0;
  for (const [name, value] of Object.entries(draft.typed)) {
    for (const field of fieldsNamed(name)) if (restoreField(field, value)) restored += 1;
  }
  if (restored) {
    const count = typedCount() || restored;
    banner("warning", `Not saved: ${plural(count, "value")} that you typed before ${count === 1 ? "is" : "are"} here again. Save when you are ready.`);
  }
  refresh();
};
