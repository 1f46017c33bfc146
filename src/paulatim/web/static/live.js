/* Keeps a page true while it is open: the server's clock, count-downs, changes by others, and a cover when the server is silent.
   Without it every page still reads and posts; it then shows what was true when it was made. */
(() => {
  "use strict";
  const LATE = 15000; // ms without a heartbeat, then the numbers are covered
  const body = document.body;
  const self = body.dataset.self;
  const wanted = body.dataset.procedure;
  const stale = document.getElementById("stale");
  const mark = () => ({ steady: performance.now(), wall: Date.now() });
  let beat = { ...mark(), server: Number(body.dataset.now) };
  let lost = null;
  let fetching = false;
  let again = false;
  let refreshed = performance.now();

  // A sleeping machine may stop one of its two clocks, so the later of them counts.
  const silent = () => Math.max(performance.now() - beat.steady, Date.now() - beat.wall);
  const serverNow = () => beat.server + performance.now() - beat.steady;
  const two = (n) => String(n).padStart(2, "0");

  function left(ms) { // rounded up, so that it never says over before it is; as `countdown` on the server
    const s = Math.max(0, Math.ceil(ms / 1000));
    if (s >= 172800) return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
    const h = Math.floor(s / 3600), m = two(Math.floor((s % 3600) / 60)), rest = two(s % 60);
    return h ? `${h}:${m}:${rest}` : `${m}:${rest}`;
  }

  function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function cover() {
    if (silent() <= LATE) {
      if (lost !== null) { lost = null; stale.hidden = true; body.classList.remove("is-stale"); refresh(); }
      return;
    }
    if (lost === null) {
      lost = new Date(beat.server + Number(body.dataset.zone));
      body.classList.add("is-stale");
      stale.hidden = false;
    }
    const at = [lost.getUTCHours(), lost.getUTCMinutes(), lost.getUTCSeconds()].map(two).join(":");
    say(stale, `No word from the server since ${at} (${left(silent())}). The numbers are covered. Go on with the paper run sheet and the pump.`);
  }

  function tick() {
    const now = serverNow();
    let over = false;
    for (const clock of document.querySelectorAll("[data-clock]")) {
      const t = new Date(now + Number(body.dataset.zone));
      say(clock, [t.getUTCHours(), t.getUTCMinutes(), t.getUTCSeconds()].map(two).join(":"));
    }
    for (const element of document.querySelectorAll("[data-until]")) {
      const ms = Number(element.dataset.until) - now;
      say(element, left(ms));
      if (ms <= 0 && !element.dataset.over) { element.dataset.over = "1"; over = true; }
    }
    for (const element of document.querySelectorAll("[data-since]")) {
      say(element, left(now - Number(element.dataset.since)));
    }
    cover();
    const age = performance.now() - refreshed;
    if (lost === null && self && ((over && age > 1000) || age > 30000)) refresh();
  }

  const dirty = (form) => [...form.elements].some((e) =>
    e.type === "checkbox" || e.type === "radio" ? e.checked !== e.defaultChecked
      : e.tagName === "INPUT" && e.type !== "hidden" && e.value !== e.defaultValue);
  const busy = (region) => [...region.querySelectorAll("form")].some(dirty);

  function swap(fresh) {
    const open = new Set([...document.querySelectorAll("details[open][id]")].map((d) => d.id));
    for (const old of document.querySelectorAll(".live[id]")) {
      const next = fresh.getElementById(old.id);
      if (!next) { look(); continue; }
      if (old.id === "says" && (next.dataset.key === old.dataset.key || old.contains(document.activeElement))) continue;
      if (old.parentElement.closest(".live[id]") || old.isEqualNode(next)) continue;
      if (busy(old)) { if (next.dataset.key !== old.dataset.key) look(); continue; }
      const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
      if (focus && next.dataset.key === old.dataset.key && old.dataset.key) continue;
      const put = document.importNode(next, true);
      for (const part of put.querySelectorAll("details[id]")) if (open.has(part.id)) part.open = true;
      old.replaceWith(put);
      if (focus) document.getElementById(focus)?.focus();
    }
  }

  function look() { // something changed under what is being typed: say so and let the person choose when
    const says = document.getElementById("says");
    if (!says) { location.assign(self); return; }
    if (document.getElementById("look")) return;
    const box = document.createElement("div");
    box.className = "refusal soft";
    box.id = "look";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = "Look again: the procedure has changed since this page was made.";
    const button = document.createElement("a");
    button.href = self;
    button.setAttribute("role", "button");
    button.textContent = "Show it now";
    box.append(text, button);
    says.append(box);
  }

  async function refresh() {
    if (!self) return;
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const answer = await fetch(self, { cache: "no-store" });
      refreshed = performance.now();
      if (answer.redirected) { // the procedure went on to another page
        if ([...document.forms].some(dirty)) look(); else location.assign(answer.url);
      } else if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (fresh.body.className !== body.className.replace(" is-stale", "")) {
          if ([...document.forms].some(dirty)) look(); else location.assign(self);
        } else swap(fresh);
      }
    } catch {
      refreshed = performance.now(); // the heartbeat tells when the server is gone
    } finally {
      fetching = false;
      if (again) { again = false; refresh(); }
    }
  }

  function listen() {
    const source = new EventSource("/live");
    source.addEventListener("beat", (event) => {
      const server = JSON.parse(event.data).now;
      beat = { ...mark(), server };
    });
    source.addEventListener("changed", (event) => {
      const { procedure } = JSON.parse(event.data);
      if (wanted === "*" || wanted === procedure) refresh();
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    });
  }

  // The answer to a form stands at the form's address; a reload belongs to the page.
  if (self && location.pathname.includes("/commands/")) history.replaceState(null, "", self);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { tick(); refresh(); } });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog && !dialog.open) { event.preventDefault(); dialog.showModal(); dialog.scrollTop = 0; }
    const menu = document.querySelector("details.acting[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => { // a link that looks like a button answers to the space bar too
    if (event.key === " " && event.target.matches("a[role=button]")) { event.preventDefault(); event.target.click(); }
  });
  document.addEventListener("submit", (event) => {
    if (lost === null || event.target.method === "dialog") return;
    event.preventDefault();
    const note = document.createElement("p");
    note.className = "problem";
    note.setAttribute("role", "alert");
    note.textContent = "Not sent: the server does not answer. Do it, and write it on the run sheet.";
    event.target.querySelector("[role=alert].problem")?.remove();
    event.target.append(note);
  });
  document.getElementById("refusal")?.scrollIntoView({ block: "nearest" });
  const first = document.querySelector("[aria-invalid=true]");
  if (first) first.focus();

  listen();
  tick();
  setInterval(tick, 250);
})();
