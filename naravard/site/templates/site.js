// Sorting, searching and the map. Everything can be read without this script.
"use strict";

// A table with data-sortable: each heading sorts by the cells' data-s, or by their text. What is
// missing (a dash, nothing, an empty data-s) comes last in both directions.
function sortable(table) {
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const body = table.tBodies[0];
  const valueOf = (row, n) => {
    const cell = row.cells[n];
    if (!cell) return "";
    const key = cell.dataset.s;
    return key === undefined ? cell.textContent.trim() : key && Number(key);
  };
  const missing = (value) => value === "" || value === "–";
  [...table.tHead.rows[0].cells].forEach((head, n) => {
    if (head.dataset.plain !== undefined) return;
    const link = head.querySelector("a");
    const button = document.createElement("button");
    button.type = "button";
    if (link) {
      button.setAttribute("aria-label", `${table.dataset.sortable} ${link.textContent}`);
      head.append(button);
    } else {
      button.append(...head.childNodes);
      head.append(button);
    }
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [valueOf(row, n), row]);
      rows.sort(([a], [b]) => {
        if (missing(a) || missing(b)) return missing(a) - missing(b);
        const order = typeof a === "number" && typeof b === "number"
          ? a - b : collator.compare(String(a), String(b));
        return down ? -order : order;
      });
      body.append(...rows.map(([, row]) => row));
    });
  });
}

// Search and choices above a table: a row is shown when it fits all of them.
function filters(table) {
  const search = document.querySelector(`[data-search="${table.id}"]`);
  if (!search) return;
  const picks = [...document.querySelectorAll(`[data-pick="${table.id}"]`)];
  const count = document.querySelector(`[data-count="${table.id}"]`);
  const rows = [...table.tBodies[0].rows];
  const whole = table.dataset.searchAll !== undefined;
  const fold = (text) => text.toLocaleLowerCase();
  const texts = new Map(rows.map((r) => [r, fold((whole ? r : r.cells[0]).textContent)]));
  const update = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => texts.get(row).includes(word))
        && picks.every((pick) => !pick.value || row.dataset[pick.dataset.by] === pick.value);
      row.hidden = !fits;
      shown += fits;
    }
    const text = shown ? count.dataset.text : count.dataset.none;
    count.textContent = text.replace("{n}", shown).replace("{total}", rows.length);
  };
  for (const control of [search, ...picks]) control.addEventListener("input", update);
  search.closest(".filters").hidden = false;
  update();
}

// Show one region beside Riket instead of all columns.
function columns(select) {
  const table = document.getElementById(select.dataset.columns);
  select.addEventListener("input", () => {
    const chosen = Number(select.value);
    for (const row of table.rows) {
      [...row.cells].forEach((cell, n) => {
        cell.classList.toggle("hidden-column", Boolean(chosen) && n > 1 && n !== chosen);
      });
    }
  });
}

// The start page's map: colour, labels, legend and list follow the chosen measure.
function chooseMap() {
  const select = document.getElementById("map-choice");
  if (!select) return;
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const known = new Map(data.measures.map((one) => [one.id, one]));
  const map = document.getElementById("map");
  const element = (name, text, ...inside) => {
    const made = document.createElement(name);
    made.append(...(text ? [text] : []), ...inside);
    return made;
  };
  const swatch = (step) => {
    const made = element("span");
    made.className = `swatch ${step}`;
    return made;
  };
  const update = () => {
    const one = known.get(select.value);
    for (const link of map.querySelectorAll("a")) {
      const [value, step] = one.regions[link.dataset.code] || [data.words.none, "none"];
      const label = `${data.regions[link.dataset.code]}: ${value}`;
      const path = link.querySelector("path");
      link.setAttribute("aria-label", label);
      path.setAttribute("class", `s${step}`);
      if (step === "none") path.setAttribute("fill", "url(#map-none)");
      else path.removeAttribute("fill");
      path.querySelector("title").textContent = label;
    }
    map.setAttribute("aria-label", `${data.words.alt}: ${one.name}, ${one.year}`);
    const last = one.steps.length - 1;
    const legend = one.steps.map((text, n) => {
      const end = n === 0 ? ` (${data.words.lowest})` : n === last ? ` (${data.words.highest})` : "";
      return element("li", "", swatch(`s${n}`), text + end);
    });
    document.getElementById("map-legend").replaceChildren(
      ...legend, element("li", "", swatch("none"), data.words.none));
    const link = element("a", one.name);
    link.href = `${data.home}indicators/${one.id}.html`;
    document.getElementById("map-caption").replaceChildren(
      link, ` (${one.unit}), ${one.year}. ${data.words.source}: ${one.source}.`);
    // Codes are keys that JavaScript would sort as numbers: order by what is written in the list.
    const rows = one.order.map((code) => {
      const [value, step] = one.regions[code];
      const region = element("a", data.regions[code]);
      region.href = `${data.home}${code}/index.html`;
      const head = element("th", "", swatch(`s${step}`), region);
      head.scope = "row";
      return element("tr", "", head, element("td", value));
    });
    document.querySelector("#map-table tbody").replaceChildren(...rows);
  };
  select.addEventListener("input", update);
  document.getElementById("map-chooser").hidden = false;
}

document.querySelectorAll("table[data-sortable]").forEach(sortable);
document.querySelectorAll("table[id]").forEach(filters);
document.querySelectorAll("[data-columns]").forEach(columns);
chooseMap();
for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;

// A browser that goes back restores what was chosen, after this script has run.
window.addEventListener("pageshow", () => {
  for (const control of document.querySelectorAll("input, select")) {
    control.dispatchEvent(new Event("input"));
  }
});
