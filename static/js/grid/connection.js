// Asking the server for parts of the page, and what is said when the sign-in has ended or the network is gone.
import { form, plural, typedCount } from "./cells.js";
import { keepDraft } from "./drafts.js";
import { banner, button } from "./messages.js";

// The server answers with the grid alone: the frame of a page would bring styles and scripts that this page refuses.
export const PART = { "X-Grid": "part", Accept: "application/json, text/html" };
export const pageAddress = () => form().getAttribute("action");
export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
export const isSignIn = (address) => Boolean(address) && new URL(address, location.href).pathname === form().dataset.signIn;

export const fetchPart = async (address) => {
  const response = await fetch(address, { headers: PART, credentials: "same-origin" });
  if (isSignIn(response.url)) {
    signedOut();
    return null;
  }
  if (response.ok) return parsed(await response.text());
  const why = response.status < 500 ? "You may no longer log anything here." : "Something went wrong on our side.";
  banner("error", `${why} What you typed is kept in this browser.`);
  return null;
};
export const signedOut = () => {
  keepDraft();
  const count = typedCount();
  const link = document.createElement("a");
  link.className = "btn mini";
  link.textContent = count ? "Sign in and save" : "Sign in";
  link.href = `${form().dataset.signIn}?next=${encodeURIComponent(pageAddress())}`;
  const when = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
  const kept = count === 1 ? "the value is" : `the ${plural(count, "value")} are`;
  banner("warning", count ? `Not saved: your sign-in ended by ${when}. Sign in and ${kept} still here.` : `Your sign-in ended by ${when}. Sign in to go on.`, [link]);
};
export const failed = (text, again) => banner("error", text, [button("Try again", () => { banner(); again(); })]);
