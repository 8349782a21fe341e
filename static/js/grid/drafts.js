// What is typed and not saved waits in this browser: for this person, RPIW and checkpoint, until it is saved or the
// person signs out (product.js).
import { all, fields, form, isChanged, one, saidNow } from "./cells.js";

const key = () => form().dataset.draft;

export const readDraft = () => {
  try { return JSON.parse(sessionStorage.getItem(key())); } catch (_) { return null; }
};
export const keepDraft = () => {
  const typed = {};
  for (const field of fields()) if (isChanged(field)) typed[field.name] = saidNow(field);
  const seen = {};
  for (const hidden of all('input[type=hidden][name$="-seen"]', form())) seen[hidden.name] = hidden.value;
  const draft = { typed, seen, key: one("[name=key]", form()).value };
  try {
    if (Object.keys(typed).length) sessionStorage.setItem(key(), JSON.stringify(draft));
    else sessionStorage.removeItem(key());
  } catch (_) { /* a full or forbidden store: the page itself still holds what was typed */ }
};
export const eraseDraft = () => {
  try { sessionStorage.removeItem(key()); } catch (_) { /* nothing was kept */ }
};
