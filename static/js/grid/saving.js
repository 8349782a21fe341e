// Saving: once, as one transaction; what was refused or changed meanwhile comes back into the page as it was typed.
import { all, form, one, refresh, rememberAsEmpty, saveButton } from "./cells.js";
import { fetchPart, failed, isSignIn, pageAddress, parsed, PART, signedOut } from "./connection.js";
import { eraseDraft, keepDraft } from "./drafts.js";
import { banner, note } from "./messages.js";

let saving = false;
const waiting = (is) => {
  saving = is;
  const save = saveButton();
  if (!save) return;
  save.dataset.says ||= save.textContent;
  save.textContent = is ? "Saving…" : save.dataset.says;
  if (is) save.setAttribute("aria-disabled", "true");
  else save.removeAttribute("aria-disabled");
};
const notSaved = (why) => {
  waiting(false);
  failed(`Not saved: ${why}. What you typed is kept in this browser.`, send);
};
// The server may have saved before it, or the way back from it, broke. Each save has a key: the same twice is saved once.
const notKnown = (what) => {
  waiting(false);
  failed(`${what}, so it is not known whether this was saved. What you typed is kept in this browser. Try again: it is saved once.`, send);
};
const send = async () => {
  if (saving) return;
  keepDraft();
  waiting(true);
  note("");
  // What the save before said would stand beside what this one says.
  for (const said of all(".flash-list > .flash:not(.grid-banner)")) said.remove();
  document.getElementById("grid-errors").replaceChildren(); // what still stands there is said at its cell too
  const online = navigator.onLine;
  let response;
  try { response = await post(); } catch (_) {
    if (online) notKnown("No answer came");
    else notSaved("no connection");
    return;
  }
  try { await answer(response); } catch (_) { notKnown("The answer was cut off"); }
};
const post = () => fetch(form().action, { method: "POST", body: new FormData(form()), headers: PART, credentials: "same-origin" });

const answer = async (response, { again = false } = {}) => {
  if (isSignIn(response.url) || response.status === 401) {
    waiting(false);
    signedOut();
  } else if (response.status === 403 && !again) {
    await sendWithFreshToken();
  } else if ((response.headers.get("Content-Type") || "").includes("json")) {
    const told = await response.json();
    if (!response.ok) {
      notSaved(told.why);
      return;
    }
    eraseDraft();
    location.assign(told.location);
  } else {
    const part = parsed(await response.text());
    if ([409, 422, 503].includes(response.status) && part.getElementById("grid")) show(part);
    else notKnown("Something went wrong on our side");
  }
};
// Somebody signed in again in another tab: the page's token is old, what is typed is not.
const sendWithFreshToken = async () => {
  const fresh = await fetchPart(pageAddress());
  const theirs = fresh && one("#grid", fresh);
  if (theirs && theirs.dataset.draft === form().dataset.draft) {
    one("[name=csrfmiddlewaretoken]", form()).value = one("[name=csrfmiddlewaretoken]", theirs).value;
    await answer(await post(), { again: true });
    return;
  }
  waiting(false);
  if (fresh) banner("error", "Not saved: this page belongs to another person's sign-in. What you typed is kept in this browser.");
};
const show = (part) => {
  for (const id of ["grid-errors", "grid"]) {
    const fresh = document.importNode(part.getElementById(id), true);
    document.getElementById(id).replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
  }
  banner();
  document.title = part.title;
  saving = false;
  rememberAsEmpty();
  keepDraft();
  refresh();
  const summary = one("#grid-errors .nhsuk-error-summary");
  if (summary) summary.focus();
};

export const start = () => {
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send();
  });
  // A page shown again from the browser's memory can be saved again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    waiting(false);
    refresh();
  });
  // The summary's links go to the boxes, even where the link's own jump would be hidden below the sticky row.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#grid-errors a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const details = field.closest("details");
    if (details) details.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
};
