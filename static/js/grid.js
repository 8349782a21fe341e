// The measure grid: moving by keyboard, pasting a block, drafts in this browser, and saving without losing anything.
// Without this script the grid is a plain form that does the same, but for drafts.
(() => {
  "use strict";
  const form = () => document.getElementById("grid");
  if (!form()) return;

  const BOX = "[data-box]";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const cells = () => all("[data-cell]", form());
  const boxOf = (cell) => one(BOX, cell);
  const cellOf = (element) => element.closest("[data-cell]");
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  // What a field held when the page came from the server: Esc goes back to it, and drafts hold what differs.
  const firstSaid = new WeakMap();
  const saidNow = (field) => (field.type === "checkbox" || field.type === "radio" ? (field.checked ? field.value : "") : field.value);
  const fields = () => all("input, select, textarea", form()).filter((field) => field.name && field.type !== "hidden");
  const remember = () => fields().forEach((field) => { if (!firstSaid.has(field)) firstSaid.set(field, saidNow(field)); });

  // ---- banner ---------------------------------------------------------------------------------------------------
  const banner = (kind, text, actions = []) => {
    const place = document.getElementById("grid-banner");
    place.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = `flash flash-${kind} grid-banner`;
    const words = document.createElement("span");
    words.textContent = text;
    box.append(words, ...actions);
    place.append(box);
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn quiet mini";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const note = (text) => { const place = one("[data-saving-note]"); if (place) place.textContent = text; };

  // ---- drafts: typed values wait in this browser, for this person, RPIW and checkpoint ---------------------------
  const drafts = {
    key: () => form().dataset.draft,
    read() {
      try { return JSON.parse(sessionStorage.getItem(this.key())); } catch (_) { return null; }
    },
    // A page that just came from a sign-in may hold a draft that is not shown yet: it is not overwritten by nothing.
    keep() {
      const typed = {};
      for (const field of fields()) {
        if (saidNow(field) !== firstSaid.get(field)) typed[field.name] = saidNow(field);
      }
      const seen = {};
      for (const hidden of all('input[type=hidden][name$="-seen"]', form())) seen[hidden.name] = hidden.value;
      try {
        if (Object.keys(typed).length) sessionStorage.setItem(this.key(), JSON.stringify({ typed, seen, key: one("[name=key]", form()).value }));
        else sessionStorage.removeItem(this.key());
      } catch (_) { /* a full or forbidden store: the page itself still holds what was typed */ }
    },
    erase() {
      try { sessionStorage.removeItem(this.key()); } catch (_) { /* nothing was kept */ }
    },
  };
  const typedCount = () => cells().filter((cell) => stateOf(cell) !== "empty" && !cell.hasAttribute("data-saved")).length;

  const put = (field, value) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = value === field.value;
    else field.value = value;
  };
  const restore = async () => {
    const draft = drafts.read();
    if (!draft || !draft.typed) return;
    // A correction that was being typed is opened again, so that nothing typed is left out.
    for (const name of Object.keys(draft.typed)) {
      const cell = document.getElementById(`cell-${name.split("-")[0]}`);
      if (cell && cell.hasAttribute("data-saved") && !fieldNamed(name)) await openCorrection(cell, { quietly: true });
    }
    // The same key: what was saved before the answer got lost is not saved twice.
    if (draft.key && !one("[data-error-of]")) one("[name=key]", form()).value = draft.key;
    let restored = 0;
    for (const [name, value] of Object.entries(draft.typed)) {
      for (const field of all(`[name="${CSS.escape(name)}"]`, form())) {
        if (saidNow(field) === value || field.type === "hidden") continue;
        put(field, value);
        const details = field.closest("details");
        if (details) details.open = true;
        const cell = cellOf(field);
        if (cell) {
          cell.classList.add("restored");
          if (field.matches("input[data-box], [data-timings]")) ask(field);
        }
        restored += 1;
      }
    }
    if (restored) banner("warning", `Not saved: ${plural(typedCount() || restored, "value")} that you typed before ${typedCount() === 1 ? "is" : "are"} here again. Save when you are ready.`);
    refresh();
  };
  const fieldNamed = (name) => one(`[name="${CSS.escape(name)}"]`, form());

  // ---- what a cell says ------------------------------------------------------------------------------------------
  const val = (cell, name) => { const field = one(`[name$="-${name}"]`, cell); return field ? field.value.trim() : ""; };
  const stateOf = (cell) => {
    if (cell.hasAttribute("data-saved")) return "saved";
    if (one("fieldset.two", cell) && !one("fieldset.two input:checked", cell)) return "conflict";
    if (one('[data-state="err"], [data-error-of]', cell)) return "err";
    if (val(cell, "value") || val(cell, "timings")) return one("[data-doubt]", cell) ? "warn" : "typed";
    if (val(cell, "not_measured") || val(cell, "because")) return "none";
    return "empty";
  };
  const refresh = () => {
    const count = { saved: 0, typed: 0, warn: 0, none: 0, err: 0, conflict: 0, empty: 0 };
    for (const cell of cells()) {
      const state = stateOf(cell);
      count[state] += 1;
      if (state === "saved") continue;
      const asks = one("details.nm", cell);
      for (const name of ["typed", "warn", "err", "none", "conflict"]) cell.classList.toggle(name, name === state || (name === "none" && Boolean(asks && asks.open && state === "empty")));
      cell.classList.toggle("asked", Boolean(asks && asks.open));
      cell.classList.toggle("filled", state !== "empty");
    }
    const answered = count.saved + count.typed + count.warn + count.none;
    const place = one("[data-answered]");
    if (!place) return;
    place.textContent = `${answered} of ${cells().length} answered`;
    const readings = count.typed + count.warn;
    const kinds = document.createElement("span");
    kinds.className = "only-desk";
    if (count.none) kinds.textContent = `: ${plural(readings, "reading")}, ${count.none} “not measured”. `;
    else if (count.err || count.conflict || count.warn) kinds.textContent = ". ";
    const owed = [count.err && `${count.err} to mend`, count.conflict && `${count.conflict} to choose`, count.warn && `${count.warn} to check`].filter(Boolean).join(", ");
    one("[data-detail]").replaceChildren(kinds, owed && `${owed}.`);
  };
  const ask = (field) => window.htmx && window.htmx.trigger(field, "read");
  const forget = (cell) => {
    // A complaint about a value that stands there no longer.
    for (const message of all("[data-error-of]", cell)) message.remove();
    for (const field of all("[aria-invalid]", cell)) field.removeAttribute("aria-invalid");
    cell.classList.remove("restored");
  };
  const unsay = (cell) => { const said = one(".said", cell); if (said) said.replaceChildren(); };

  document.addEventListener("input", (event) => {
    if (!form().contains(event.target)) return;
    const cell = cellOf(event.target);
    if (cell) {
      forget(cell);
      if (event.target.matches("input[data-box], [data-timings]")) {
        for (const doubt of all("[data-doubt], [data-state=err]", cell)) doubt.remove();
        if (!event.target.value.trim()) unsay(cell);
        const kept = one('[name$="-kept"]', cell);
        if (kept) kept.remove();
      }
    }
    drafts.keep();
    refresh();
  });
  document.addEventListener("change", () => { drafts.keep(); refresh(); });
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    const cell = details.matches && details.matches("details.nm") && cellOf(details);
    if (!cell) return;
    if (details.open && details.dataset.asked) one("select", details).focus();
    if (!details.open && details.dataset.asked) {
      for (const field of all("select, input", details)) field.value = "";
      forget(cell);
      boxOf(cell).focus();
      drafts.keep();
    }
    delete details.dataset.asked;
    refresh();
  }, true);
  document.addEventListener("click", (event) => {
    const target = event.target;
    const summary = target.closest("details.nm > summary, details.more > summary");
    if (summary) {
      summary.parentElement.dataset.asked = "true";
      if (summary.parentElement.matches(".more") && !summary.parentElement.open) {
        setTimeout(() => { const first = one("textarea, select", summary.parentElement); if (first) first.focus(); });
      }
    }
    const use = target.closest("[data-use]");
    if (use) {
      const cell = cellOf(use);
      const timings = one("[data-timings]", cell);
      if (timings && timings.value) timings.value = "";
      const box = boxOf(cell);
      box.value = use.dataset.use;
      box.focus();
      unsay(cell);
      ask(box);
      drafts.keep();
      refresh();
    }
    const keep = target.closest("[data-keep]");
    if (keep) {
      const cell = cellOf(keep);
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = `m${cell.dataset.cell}-kept`;
      kept.value = keep.dataset.keep;
      cell.append(kept);
      for (const doubt of all("[data-doubt]", cell)) doubt.remove();
      boxOf(cell).focus();
      refresh();
    }
    const open = target.closest("a[data-correct]");
    if (open && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openCorrection(cellOf(open));
    }
    const close = target.closest("[data-leave-correction]");
    if (close) {
      event.preventDefault();
      closeCorrection(cellOf(close));
    }
    if (target.closest("[data-leave]")) drafts.erase();
  });

  // ---- nothing moves under a finger ------------------------------------------------------------------------------
  // The two ways out show in the cell in hand. While a button is held down the page keeps its shape: else the button
  // moves away between pressing and letting go, and the click is lost.
  let held = false;
  let waitingForRelease = [];
  const whenReleased = (act) => { if (held) waitingForRelease.push(act); else act(); };
  document.addEventListener("pointerdown", () => { held = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => setTimeout(() => {
      held = false;
      const acts = waitingForRelease;
      waitingForRelease = [];
      for (const act of acts) act();
    }), true);
  }
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest("#grid [data-cell]");
    if (cell) whenReleased(() => { for (const each of cells()) each.classList.toggle("here", each === cell); });
  });

  // ---- reading a value (htmx) -------------------------------------------------------------------------------------
  const isSignIn = (address) => Boolean(address) && new URL(address, location.href).pathname === form().dataset.signIn;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!form().contains(event.detail.elt)) return;
    if (isSignIn(event.detail.xhr.responseURL)) {
      event.detail.shouldSwap = false;
      signedOut();
    } else if (held) {
      event.detail.shouldSwap = false;
      whenReleased(() => ask(event.detail.elt));
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (form().contains(event.detail.target)) refresh(); });

  // ---- corrections ------------------------------------------------------------------------------------------------
  const saved = new Map();
  const page = async (address) => {
    const response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (isSignIn(response.url)) { signedOut(); return null; }
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };
  const openCorrection = async (cell, { quietly = false } = {}) => {
    const link = one("a[data-correct]", cell);
    let answer = null;
    try { answer = await page(link.href); } catch (_) { if (!quietly) offline("To correct a saved reading you need a connection."); return; }
    const opened = answer && answer.getElementById(cell.id);
    if (!opened) return;
    saved.set(cell.id, cell);
    const placed = document.importNode(opened, true);
    cell.replaceWith(placed);
    ensureSave(answer);
    if (window.htmx) window.htmx.process(placed);
    remember();
    refresh();
    if (!quietly) { const box = boxOf(placed); box.focus(); box.select(); }
  };
  const closeCorrection = (cell) => {
    const before = saved.get(cell.id);
    if (!before) { location.assign(one("[data-leave-correction]", cell).href); return; }
    cell.replaceWith(before);
    boxOf(before).focus();
    drafts.keep();
    refresh();
  };
  // When everything was saved there was no save bar: the first correction brings it.
  const ensureSave = (answer) => {
    if (one("[data-save]", form())) return;
    const bar = one(".savebar", answer);
    if (bar) form().append(document.importNode(bar, true));
  };

  // ---- moving -----------------------------------------------------------------------------------------------------
  const move = (box, by) => {
    const boxes = all(BOX, form()).filter((candidate) => candidate.offsetParent !== null);
    const next = boxes[boxes.indexOf(box) + by];
    if (!next) return false;
    next.focus();
    if (next.select) next.select();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const atStart = (box) => box.selectionStart === undefined || (box.selectionStart === 0 && box.selectionEnd === 0) || whole(box);
  const atEnd = (box) => box.selectionStart === undefined || (box.selectionStart === box.value.length && box.selectionEnd === box.value.length) || whole(box);
  const whole = (box) => box.selectionStart === 0 && box.selectionEnd === box.value.length;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (one("[data-save]", form())) form().requestSubmit(one("[data-save]", form()));
      return;
    }
    const target = event.target;
    if (!form().contains(target) || event.isComposing || event.altKey) return;
    if (event.key === "Escape") return escape(target);
    if (!target.matches(BOX)) {
      // Enter in "why" or "because" goes on to the next cell, as it does in the box itself.
      if (event.key === "Enter" && target.matches("input.reason")) { event.preventDefault(); move(boxOf(cellOf(target)), 1); }
      else if (event.key === "Enter" && target.matches("input:not([type=radio], [type=checkbox])")) event.preventDefault();
      return;
    }
    const isLink = target.matches("a");
    switch (event.key) {
      case "Enter":
        if (isLink) return;
        event.preventDefault();
        if (!move(target, event.shiftKey ? -1 : 1) && !event.shiftKey) { const save = one("[data-save]", form()); if (save) save.focus(); }
        break;
      case "F2":
        event.preventDefault();
        if (isLink) target.click(); else target.setSelectionRange(target.value.length, target.value.length);
        break;
      case "ArrowDown": if (!event.shiftKey && move(target, 1)) event.preventDefault(); break;
      case "ArrowUp": if (!event.shiftKey && move(target, -1)) event.preventDefault(); break;
      case "ArrowRight": if (!event.shiftKey && !isLink && target.value && atEnd(target) && !whole(target) && move(target, 1)) event.preventDefault(); break;
      case "ArrowLeft": if (!event.shiftKey && !isLink && target.value && atStart(target) && !whole(target) && move(target, -1)) event.preventDefault(); break;
    }
  });
  const escape = (target) => {
    const cell = cellOf(target);
    if (!cell || !firstSaid.has(target)) return;
    if (saidNow(target) === firstSaid.get(target)) {
      if (cell.classList.contains("correcting")) closeCorrection(cell);
      return;
    }
    put(target, firstSaid.get(target));
    forget(cell);
    unsay(cell);
    if (target.value) ask(target);
    drafts.keep();
    refresh();
  };

  // ---- pasting a block from a spreadsheet --------------------------------------------------------------------------
  const READ_ONLY = "is already saved: open it to correct it";
  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("input[data-box]")) return;
    const text = (event.clipboardData || window.clipboardData).getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const rows = text.split("\n").map((row) => row.split("\t"));
    const places = cells();
    const first = places.indexOf(cellOf(box));
    let filled = 0; let homeless = 0; let taken = 0;
    const wide = rows.some((row) => row.slice(1).some((value) => value.trim()));
    rows.forEach((row, n) => {
      const value = row[0].trim();
      const cell = places[first + n];
      if (!cell) { if (row.some((one) => one.trim())) homeless += 1; return; }
      if (!value) return;
      const target = boxOf(cell);
      if (!target.matches("input")) { taken += 1; return; }
      target.value = value;
      forget(cell);
      unsay(cell);
      ask(target);
      filled += 1;
    });
    const said = [`${plural(filled, "value")} pasted`];
    if (homeless) said.push(`${plural(homeless, "row")} had no measure`);
    if (taken) said.push(taken === 1 ? `one ${READ_ONLY}` : `${taken} are already saved: open them to correct them`);
    if (wide) said.push("only the first column was used, because one checkpoint is open");
    note(`${said.join("; ")}.`);
    drafts.keep();
    refresh();
  });

  // ---- saving -----------------------------------------------------------------------------------------------------
  let saving = false;
  const waiting = (is) => {
    saving = is;
    const save = one("[data-save]", form());
    if (!save) return;
    save.setAttribute("aria-disabled", String(is));
    save.textContent = is ? "Saving…" : "Save readings";
    if (!is) save.removeAttribute("aria-disabled");
  };
  const signedOut = () => {
    drafts.keep();
    const count = typedCount();
    const link = document.createElement("a");
    link.className = "btn mini";
    link.textContent = "Sign in and save";
    link.href = `${form().dataset.signIn}?next=${encodeURIComponent(location.pathname + `?checkpoint=${form().dataset.checkpoint}`)}`;
    const when = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
    banner("warning", `Not saved: your sign-in ended by ${when}. Sign in and the ${count === 1 ? "value is" : `${count} values are`} still here.`, [link]);
    one("#grid-banner").scrollIntoView({ block: "nearest" });
  };
  const offline = (text) => {
    banner("error", text, [button("Try again", () => { banner(); send(); })]);
    one("#grid-banner").scrollIntoView({ block: "nearest" });
  };
  const send = async (again = false) => {
    if (saving) return;
    drafts.keep();
    waiting(true);
    note("");
    let response;
    try {
      response = await fetch(form().action, {
        method: "POST",
        body: new FormData(form()),
        headers: { "X-Grid-Save": "1", Accept: "application/json, text/html" },
        credentials: "same-origin",
      });
    } catch (_) {
      waiting(false);
      offline("Not saved: no connection. What you typed is kept in this browser.");
      return;
    }
    try {
      await answered(response, again);
    } catch (_) {
      waiting(false);
      offline("Not saved: the answer was cut off. What you typed is kept in this browser.");
    }
  };
  const answered = async (response, again) => {
    if (isSignIn(response.url) || response.status === 401) { waiting(false); signedOut(); return; }
    if (response.status === 403 && !again) {
      // Somebody signed in again in another tab: the page's token is old, what is typed is not.
      waiting(false);
      const fresh = await page(location.pathname + `?checkpoint=${form().dataset.checkpoint}`);
      const token = fresh && one("#grid [name=csrfmiddlewaretoken]", fresh);
      if (token && one("#grid", fresh).dataset.draft === form().dataset.draft) {
        one("[name=csrfmiddlewaretoken]", form()).value = token.value;
        send(true);
        return;
      }
      if (fresh) banner("error", "Not saved: this page belongs to another person's sign-in. What you typed is kept in this browser.");
      return;
    }
    if (response.ok && (response.headers.get("Content-Type") || "").includes("json")) {
      const told = await response.json();
      drafts.erase();
      location.assign(told.location);
      return;
    }
    if (response.status === 422 || response.status === 409) {
      show(new DOMParser().parseFromString(await response.text(), "text/html"));
      return;
    }
    waiting(false);
    offline("Not saved: something went wrong on our side. What you typed is kept in this browser.");
  };
  const show = (answer) => {
    for (const id of ["grid-errors", "grid"]) {
      const fresh = document.importNode(answer.getElementById(id), true);
      document.getElementById(id).replaceWith(fresh);
      if (window.htmx) window.htmx.process(fresh);
    }
    banner();
    document.title = answer.title;
    saving = false;
    // What the server sent back is what was typed, so it counts as typed: only empty boxes are as they were.
    for (const field of fields()) firstSaid.set(field, cellOf(field) || !["measured_on"].includes(field.name) ? (field.type === "checkbox" ? "" : field.matches("select") ? field.options[0].value : "") : "");
    drafts.keep();
    refresh();
    const summary = one("#grid-errors .nhsuk-error-summary");
    if (summary) summary.focus();
  };
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    send();
  });
  // The summary's links go to the boxes, even where the link's own jump would be hidden below the sticky row.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#grid-errors a[href^='#']");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const details = field.closest("details");
    if (details) details.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // Chips of the phone's checkpoint row and a page shown again from the browser's memory.
  window.addEventListener("pageshow", (event) => { if (event.persisted) { waiting(false); refresh(); } });

  remember();
  refresh();
  restore();
  const wrong = one("#grid-errors .nhsuk-error-summary");
  if (wrong) wrong.focus();
  else if (location.hash && document.getElementById(location.hash.slice(1))) document.getElementById(location.hash.slice(1)).focus();
})();
