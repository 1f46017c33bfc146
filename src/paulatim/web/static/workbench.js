/* The workbench as one types: asks the server for the plan, puts it in place, and keeps the choices in the address.
   Without it "Work out" does the same. A plan that does not belong to what is typed is never shown as if it did. */
(() => {
  "use strict";
  const WAIT = 150; // ms without a key, then the server is asked
  const form = () => document.getElementById("choices");
  const plan = () => document.getElementById("plan");
  let timer = 0;
  let asked = null; // the request under way
  let editing = ""; // the field whose edits share one place in the history

  function query() {
    const kept = [...new FormData(form())].filter(([name, value]) => value.trim() && name !== "offer");
    return new URLSearchParams(kept).toString();
  }

  const address = (text) => text ? `/workbench?${text}` : "/workbench";

  function outdate() { // what is shown belongs to older choices, from the first key on
    clearTimeout(timer);
    document.getElementById("refused")?.remove();
    if (asked) asked.abort();
    plan().classList.add("old");
    plan().setAttribute("aria-busy", "true");
    plan().inert = true;
  }

  function remember(field) {
    const next = address(query());
    if (next === location.pathname + location.search) return;
    if (field && field === editing) history.replaceState(null, "", next);
    else history.pushState(null, "", next);
    editing = field;
  }

  async function work(search, whole) {
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(`/workbench/plan${search}`, { signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      put(page, whole);
      history.replaceState(null, "", address(query())); // an example may have been filled in
    } catch (error) {
      if (error.name !== "AbortError") fail();
    }
  }

  function fail() {
    plan().classList.remove("old");
    plan().inert = false;
    plan().removeAttribute("aria-busy");
    const said = "The server does not answer, so there is no plan for these choices. Press Work out to try again.";
    const place = document.createElement("p");
    place.className = "nothing";
    place.textContent = said;
    plan().replaceChildren(place);
    document.getElementById("said").textContent = said;
  }

  function put(page, whole) {
    const held = document.activeElement?.id;
    const open = new Set([...plan().querySelectorAll("details[open]")].map((one) => one.dataset.key));
    swapFields(page.getElementById("choices"), whole);
    plan().replaceWith(page.getElementById("plan"));
    for (const one of plan().querySelectorAll("details")) one.open = open.has(one.dataset.key);
    const said = page.getElementById("said").textContent;
    if (document.getElementById("said").textContent !== said) document.getElementById("said").textContent = said;
    if (held && document.activeElement?.id !== held) document.getElementById(held)?.focus({ preventScroll: true });
  }

  function swapFields(fresh, whole) { // the field that somebody is in keeps its text and its caret
    const now = form();
    const names = new Set([...fresh.children].map((one) => one.dataset.field));
    for (const old of [...now.children]) if (!names.has(old.dataset.field)) old.remove();
    let before = null;
    for (const next of [...fresh.children]) {
      const old = now.querySelector(`:scope > [data-field="${next.dataset.field}"]`);
      let placed = next;
      if (old && !whole && old.contains(document.activeElement)) { patch(old, next); placed = old; }
      else if (old) { if (old.open) next.open = true; old.replaceWith(next); }
      else if (before) before.after(next);
      else now.prepend(next);
      before = placed;
    }
  }

  function patch(old, next) {
    for (const says of old.querySelectorAll(".says")) {
      const fresh = next.querySelector(`#${says.id}`);
      if (fresh) { says.className = fresh.className; says.replaceChildren(...fresh.childNodes); }
    }
    for (const field of old.querySelectorAll("input, select")) {
      const wrong = next.querySelector(`#${field.id}`)?.getAttribute("aria-invalid");
      if (wrong) field.setAttribute("aria-invalid", wrong); else field.removeAttribute("aria-invalid");
    }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.closest("#choices")) return;
    outdate();
    remember(event.target.id);
    timer = setTimeout(() => work(`?${query()}`, false), event.target.matches("select") ? 0 : WAIT);
  });
  document.addEventListener("change", () => { editing = ""; });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "choices" || event.submitter?.id === "open") return;
    event.preventDefault();
    outdate();
    remember("");
    work(`?${query()}`, false);
  });
  addEventListener("popstate", () => { // back and forward undo and redo
    outdate();
    editing = "";
    work(location.search, true);
  });
})();
