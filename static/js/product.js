// What every page shares: closing of tables, double clicks, freshness, "More", printing. No inline handlers, no eval.
(() => {
  "use strict";

  // Tables beside pictures stand open without this script.
  const settle = (root) => {
    for (const details of root.querySelectorAll("details[data-closes]:not([data-ready])")) {
      details.open = false;
      details.dataset.ready = "";
    }
    for (const box of root.querySelectorAll("[data-opens-at-end]:not([data-ready])")) {
      box.scrollLeft = box.scrollWidth;
      box.dataset.ready = "";
    }
  };
  settle(document);

  // What a page can do without at first is folded on a phone, and open again when the phone is turned.
  const phone = window.matchMedia("(max-width: 720px)");
  const fold = () => {
    for (const details of document.querySelectorAll("details[data-folds]")) details.open = !phone.matches;
  };
  fold();
  phone.addEventListener("change", fold);

  // One submit per press: a second one within the first's answer is dropped; the button says what happens.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-prevent-double-click")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("hx-post")) return;
    form.dataset.sent = "true";
    const button = event.submitter;
    if (button) {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.saying) button.textContent = button.dataset.saying;
    }
  });
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });

  // What was typed for one person must not wait for the next one at this screen, in no tab.
  const signedOut = "BroadcastChannel" in window && new BroadcastChannel("signed-out");
  if (signedOut) signedOut.addEventListener("message", () => sessionStorage.clear());
  document.addEventListener("submit", (event) => {
    if (!event.target.matches || !event.target.matches("[data-signs-out], form[action$='/logout/']")) return;
    sessionStorage.clear();
    if (signedOut) signedOut.postMessage("");
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.rest[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.rest[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Freshness: ask with the version we have; keep what is open; never swap a panel that somebody types in.
  document.addEventListener("htmx:configRequest", (event) => {
    const chip = event.detail.elt.closest("[data-fresh]");
    if (chip && chip.dataset.etag) event.detail.headers["If-None-Match"] = chip.dataset.etag;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.closest("[data-fresh]") && document.hidden) event.preventDefault();
  });
  const kept = new Set();
  const typing = (target) => {
    const active = document.activeElement;
    return (active && target.contains(active) && active.matches("input, select, textarea"))
      || (target.hasAttribute("data-keeps-typed")
        && [...target.querySelectorAll("textarea")].some((box) => box.value !== box.defaultValue));
  };
  let held = false;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    if (typing(target)) {
      event.detail.shouldSwap = false;
      held = true;
      return;
    }
    for (const details of target.querySelectorAll("details[id]")) {
      if (details.open) kept.add(details.id);
    }
    const active = document.activeElement;
    if (active && active.id && target.contains(active)) target.dataset.focus = active.id;
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const fresh = document.getElementById(event.detail.target.id) || event.detail.target;
    settle(fresh);
    for (const id of kept) {
      const details = document.getElementById(id);
      if (details && fresh.contains(details)) details.open = true;
    }
    const focus = event.detail.target.dataset.focus;
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("product:swapped", { detail: { root: fresh } }));
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const chip = event.detail.elt.closest("[data-fresh]");
    if (!chip || event.detail.xhr.status !== 200) return;
    const etag = event.detail.xhr.getResponseHeader("ETag");
    // A panel that was held back is asked for again at the next turn.
    if (etag && !held) chip.dataset.etag = etag;
    held = false;
    chip.classList.toggle("updating", chip.textContent.includes("updating"));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    settle(document);
    document.dispatchEvent(new CustomEvent("product:swapped", { detail: { root: event.detail.elt } }));
  });
})();
