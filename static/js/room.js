// The room: what is typed goes to the item under which it was begun, nothing typed is lost, and the clock runs.
(() => {
  "use strict";
  const forms = () => [...document.querySelectorAll("form[data-entry]")];
  const text = (form) => form.querySelector("textarea");
  const person = (document.getElementById("session") || { dataset: {} }).dataset.person;
  const draft = (form) => `room:${person}:${location.pathname}:${form.id}`;
  const store = (act) => { try { return act(sessionStorage); } catch (_) { return null; } };
  const typed = (form) => Boolean(text(form) && text(form).value.trim());

  // A draft that waited while the page was loaded anew, unless the server has shown what was typed. It goes where it was
  // begun, and with the key that makes it one entry if it had arrived already.
  const where = (form) => [...form.querySelectorAll(".target [name=item], .target [name=key]")];
  const under = (form) => form.querySelector(".target > .small");
  const keep = (form) => store((place) => place.setItem(draft(form), JSON.stringify({
    text: text(form).value, where: where(form).map((field) => field.value), under: under(form) && under(form).textContent,
  })));
  for (const form of forms()) {
    const kept = JSON.parse(store((place) => place.getItem(draft(form))) || "null");
    if (kept && kept.text && !text(form).value) {
      text(form).value = kept.text;
      where(form).forEach((field, n) => { field.value = kept.where[n]; });
      if (under(form)) under(form).textContent = kept.under;
      const box = form.closest("details");
      if (box) box.open = true;
    }
    text(form).addEventListener("input", () => keep(form));
  }

  // What the others did must not move to another item what somebody is typing. The own saving may.
  let saving = null;
  const said = (form, words) => {
    const line = form.querySelector(".said");
    if (!line) return;
    line.className = "said wrong";
    line.textContent = words;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form[data-entry]")) saving = event.detail.elt;
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const form = event.detail.target.closest("form[data-entry]");
    if (form && form !== saving && typed(form) && event.detail.target.classList.contains("target")) {
      event.detail.shouldSwap = false;
    }
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form[data-entry]")) return;
    // A page instead of parts: the sign-in ended. What was typed stays, here and in the draft.
    if (event.detail.xhr.responseText.includes("<html")) {
      event.preventDefault();
      said(form, "Not saved: sign in again in another tab, then add it once more. What you typed is kept.");
      saving = null;
    } else if (event.detail.xhr.status === 200) {
      form.reset();
      text(form).value = "";
      store((place) => place.removeItem(draft(form)));
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form[data-entry]")) return;
    saving = null;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status === 0 || status >= 500 || status === 403 || status === 404) {
      said(form, status === 403 || status === 404 ? "Not saved: you may not write here. What you typed is kept."
        : "Not saved: the page got no answer. What you typed is kept; add it again, it is saved once.");
    }
  });

  // The clock. "5 min left" is announced once.
  const tick = () => {
    const words = document.querySelector("[data-clock]");
    if (!words) return;
    const seconds = (new Date(words.dataset.until) - Date.now()) / 1000;
    const left = seconds >= 0 ? Math.floor(seconds / 60) : -Math.ceil(-seconds / 60);
    const minutes = (n) => (n === 1 ? "1 minute" : `${n} minutes`);
    words.textContent = left < 0 ? `${minutes(-left)} over` : left === 0 ? "less than a minute left" : `${left} min left`;
    const bar = document.querySelector("[data-share]");
    if (bar) {
      const whole = new Date(bar.dataset.until) - new Date(bar.dataset.began);
      bar.setAttribute("width", Math.max(0, Math.min(100, 100 * (1 - Math.max(seconds, 0) * 1000 / whole))));
    }
    const soon = document.querySelector("[data-soon]");
    if (soon && left === 5 && !soon.textContent) soon.textContent = "5 min left";
  };
  setInterval(tick, 10000);
})();
