// Warns before the session ends, and lets somebody who is there stay. The server decides; this only asks and tells.
(() => {
  "use strict";
  const dialog = document.getElementById("session");
  if (!dialog || !dialog.showModal) return;
  const told = dialog.dataset;
  const warning = Number(told.warning) * 1000;
  let ends = {};
  let asking = false;
  let putAside = false;

  const learn = ({ idle, longest }) => { ends = { idle: Date.now() + idle * 1000, longest: Date.now() + longest * 1000 }; };
  const left = () => Math.min(ends.idle, ends.longest) - Date.now();
  const atLongest = () => ends.longest <= ends.idle;

  // ---- what was typed outside the grid (which keeps its own drafts) waits for the same person at the same address ----
  const key = `typed:${told.person}:${location.pathname}${location.search}`;
  const forms = () => [...document.querySelectorAll("main form[method=post]:not(#grid)")];
  const kept = (form) => [...form.elements].filter((field) => field.name && !field.closest("fieldset[disabled]")
    && !["hidden", "password", "file", "submit", "button"].includes(field.type));
  const changed = (field) => {
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  const store = (act) => { try { return act(sessionStorage); } catch (_) { return null; } };
  // Somebody else's session ended here, and they did not come back.
  store((place) => Object.keys(place).forEach((name) => {
    const [kind, whose] = name.split(":");
    if (["typed", "room"].includes(kind) && whose !== told.person) place.removeItem(name);
  }));
  const keep = () => {
    const typed = forms().map((form) => kept(form).some(changed)
      && kept(form).map((field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value)));
    if (typed.some(Boolean)) store((place) => place.setItem(key, JSON.stringify(typed)));
  };
  const restore = () => {
    const typed = JSON.parse(store((place) => place.getItem(key)) || "null");
    store((place) => place.removeItem(key));
    if (!typed) return;
    forms().forEach((form, which) => {
      const fields = kept(form);
      if (!typed[which] || typed[which].length !== fields.length) return;
      fields.forEach((field, n) => {
        if (["checkbox", "radio"].includes(field.type)) field.checked = typed[which][n];
        else field.value = typed[which][n];
        const details = field.closest("details");
        if (details && changed(field)) details.open = true;
      });
      const said = document.createElement("p");
      said.className = "flash flash-warning";
      said.setAttribute("role", "status");
      said.textContent = "Not saved yet: what you typed before you were signed out is here again.";
      form.before(said);
    });
  };

  const signedOut = () => {
    keep();
    location.assign(`${told.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
  };
  const ask = async (method) => {
    const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = method === "POST" ? { "X-CSRFToken": token } : { "HX-Request": "true" };
    const answer = await fetch(told.ask, { method, headers, credentials: "same-origin", redirect: "manual" });
    if (answer.type === "opaqueredirect") signedOut();
    else if (answer.ok) learn(await answer.json());
    else throw new Error(answer.status);
  };

  const words = () => {
    const seconds = Math.max(0, left() / 1000);
    if (seconds <= 30) return "in less than half a minute";
    const minutes = Math.ceil(seconds / 60);
    return minutes === 1 ? "in less than a minute" : `in about ${minutes} minutes`;
  };
  const show = () => {
    for (const part of dialog.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== (atLongest() ? "longest" : "idle");
    const heading = dialog.querySelector("h2:not([hidden])");
    for (const each of dialog.querySelectorAll("h2")) each.removeAttribute("id");
    heading.id = "session-title";
    const when = dialog.querySelector("[data-when]");
    if (when.textContent !== words()) when.textContent = words();
    if (dialog.open) return;
    dialog.showModal();
    dialog.querySelector("button:not([hidden])").focus();
  };

  // Another tab may have been used: before it warns or sends anybody away, this one asks.
  const look = async () => {
    if (asking || left() > warning) {
      if (dialog.open && left() > warning) dialog.close();
      return;
    }
    asking = true;
    try { await ask("GET"); } catch (_) { /* no connection: what is known stays true */ }
    asking = false;
    if (left() > warning) {
      if (dialog.open) dialog.close();
    } else if (!(putAside && atLongest())) show();
  };
  const stay = async () => {
    try {
      await ask("POST");
    } catch (_) {
      dialog.querySelector("[data-when]").textContent = "soon: there is no connection to stay signed in";
      return;
    }
    if (left() > warning) dialog.close();
    else show();
  };
  const back = () => { putAside = true; dialog.close(); };

  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-stay]")) stay();
    if (event.target.closest("[data-back]")) back();
  });
  // Esc is pressed by somebody who is there.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (atLongest()) back();
    else stay();
  });
  // A part of a page that htmx asked for too late is not to become the sign-in page. The grid has its own words for it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const address = event.detail.xhr.responseURL;
    if (!address || new URL(address, location.href).pathname !== told.signIn) return;
    event.detail.shouldSwap = false;
    if (!event.detail.elt.closest("#grid")) signedOut();
  });

  learn({ idle: Number(told.idle), longest: Number(told.longest) });
  restore();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
})();
