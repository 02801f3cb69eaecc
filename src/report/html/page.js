"use strict";
// The tables of operations: only the rows in sight are in the document. Everything else on the page works without this.
(() => {
  const HEIGHT = 28, MORE = 8;
  const OUTCOMES = ["ok", "failed", "unknown"];
  const tables = [];

  const grouped = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const time = (value) => (value === null ? "" : "+" + grouped(value));

  function element(name, text, of) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (of) of.appendChild(made);
    return made;
  }

  class Operations {
    constructor(section) {
      const data = JSON.parse(section.querySelector(".data").textContent);
      this.article = section.closest("article");
      this.view = section.querySelector(".window");
      this.table = this.view.querySelector("table");
      this.body = this.view.querySelector("tbody");
      this.search = section.querySelector("input");
      this.found = section.querySelector(".found");
      this.timed = data.r.some((row) => row[5] !== null);
      this.rows = data.r.map(([place, id, line, process, operation, start, end, outcome, matters]) => ({
        place, id, line, process: data.p[process], operation, start, end, outcome: OUTCOMES[outcome], matters,
        text: `${id} ${data.p[process]} ${operation} ${OUTCOMES[outcome]}`.toLowerCase(),
      }));
      this.chosen = -1;
      this.filter("");
      this.view.addEventListener("scroll", () => this.draw());
      this.search.addEventListener("input", () => this.filter(this.search.value));
      this.body.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-at]");
        if (row) this.choose(Number(row.dataset.at), false);
      });
      const first = this.shown.findIndex((item) => item.row && item.row.matters);
      if (first >= 0) this.view.scrollTop = Math.max(0, (first - 4) * HEIGHT);
      this.draw();
    }

    filter(text) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      this.shown = [];
      let before = null, hits = 0;
      for (const row of this.rows) {
        if (!words.every((word) => row.text.includes(word))) continue;
        const between = before === null ? row.place : row.place - before - 1;
        if (!words.length && between > 0) this.shown.push({ gap: between });
        this.shown.push({ row });
        before = row.place;
        hits += 1;
      }
      this.found.textContent = words.length ? `${grouped(hits)} found` : "";
      this.table.setAttribute("aria-rowcount", String(this.shown.length + 1));
      this.chosen = -1;
      this.drawn = "";
      this.view.scrollTop = 0;
      this.draw();
    }

    draw() {
      const from = Math.max(0, Math.floor(this.view.scrollTop / HEIGHT) - MORE);
      const to = Math.min(this.shown.length, from + Math.ceil(this.view.clientHeight / HEIGHT) + 2 * MORE);
      const key = `${from} ${to} ${this.chosen}`;
      if (key === this.drawn) return;
      this.drawn = key;
      const rows = document.createDocumentFragment();
      const space = (height) => {
        if (height <= 0) return;
        const row = element("tr", undefined, rows);
        row.className = "space";
        row.setAttribute("aria-hidden", "true");
        const cell = element("td", undefined, row);
        cell.colSpan = 7;
        cell.style.height = `${height}px`;
      };
      space(from * HEIGHT);
      for (let at = from; at < to; at += 1) this.row(this.shown[at], at, rows);
      space((this.shown.length - to) * HEIGHT);
      this.body.replaceChildren(rows);
    }

    row(item, at, rows) {
      const made = element("tr", undefined, rows);
      made.setAttribute("aria-rowindex", String(at + 2));
      if (item.gap) {
        made.className = "gap";
        const cell = element("td", `… ${grouped(item.gap)} operations that are not in this page …`, made);
        cell.colSpan = 7;
        return;
      }
      const row = item.row;
      made.dataset.at = String(at);
      made.classList.toggle("matters", row.matters === 1);
      made.classList.toggle("chosen", at === this.chosen);
      if (at === this.chosen) made.setAttribute("aria-current", "true");
      for (const [value, kind] of [
        [row.id, "number"], [row.line || "", "number"], [row.process, ""], [row.operation, "mono"],
        [time(row.start), "number"], [row.end === null && this.timed ? "never" : time(row.end), "number"], [row.outcome, ""],
      ]) {
        const cell = element("td", String(value), made);
        cell.className = kind;
        cell.title = String(value);
      }
    }

    // Makes a row the chosen one, and brings it into sight.
    choose(at, scroll = true) {
      if (at < 0 || at >= this.shown.length || !this.shown[at].row) return;
      this.chosen = at;
      const top = at * HEIGHT, room = this.view.clientHeight - 2 * HEIGHT;
      if (scroll && (top < this.view.scrollTop || top > this.view.scrollTop + room)) {
        this.view.scrollTop = Math.max(0, top - room / 2);
      }
      this.draw();
      const { id, process, operation, outcome } = this.shown[at].row;
      if (!this.search.value) this.found.textContent = `operation ${id}: ${process} ${operation}, ${outcome}`;
      for (const other of this.article.querySelectorAll("[data-op]")) {
        other.classList.toggle("chosen", other.dataset.op === String(id));
      }
    }

    move(step, wanted) {
      let at = this.chosen;
      if (at < 0) {
        const top = Math.floor(this.view.scrollTop / HEIGHT);
        at = step > 0 ? top - 1 : top + 1;
      }
      do at += step; while (at >= 0 && at < this.shown.length && !(this.shown[at].row && wanted(this.shown[at].row)));
      this.choose(at);
    }

    show(id) {
      if (this.search.value) { this.search.value = ""; this.filter(""); }
      this.choose(this.shown.findIndex((item) => item.row && String(item.row.id) === id));
    }
  }

  // The table that keys are meant for: the one with the focus, else the first that is in sight.
  function current() {
    const focused = tables.find((table) => table.article.contains(document.activeElement));
    const seen = tables.find((table) => table.view.getBoundingClientRect().bottom > 0);
    return focused || seen || tables[0];
  }

  for (const section of document.querySelectorAll(".operations")) tables.push(new Operations(section));

  document.addEventListener("click", (event) => {
    const op = event.target.closest("[data-op]");
    const table = op && tables.find((table) => table.article.contains(op));
    if (table) table.show(op.dataset.op);
  });

  document.addEventListener("keydown", (event) => {
    const table = current();
    if (!table || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input");
    if (event.key === "Escape" && typing) {
      table.search.value = "";
      table.filter("");
      table.view.focus();
    } else if (typing && event.key === "Enter") {
      table.view.focus();
      table.move(1, () => true);
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      table.search.focus();
      table.search.select();
    } else if (event.key === "j" || (event.key === "ArrowDown" && document.activeElement === table.view)) {
      table.move(1, () => true);
    } else if (event.key === "k" || (event.key === "ArrowUp" && document.activeElement === table.view)) {
      table.move(-1, () => true);
    } else if (event.key === "n") {
      table.move(1, (row) => row.matters);
    } else {
      return;
    }
    event.preventDefault();
  });

  window.addEventListener("resize", () => { for (const table of tables) table.draw(); });
})();
