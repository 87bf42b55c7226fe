"use strict";
// Renders the OpenAPI document of this server. It needs nothing but this server.

const el = (name, attrs, ...children) => {
  const node = document.createElement(name);
  for (const [k, v] of Object.entries(attrs || {})) node.setAttribute(k, v);
  for (const c of children) if (c != null) node.append(c);
  return node;
};

let doc;

const resolve = (schema) => {
  let s = schema || {};
  while (s.$ref) s = doc.components.schemas[s.$ref.split("/").pop()] || {};
  return s;
};

const nameOf = (schema) => (schema && schema.$ref ? schema.$ref.split("/").pop() : "");

const typeOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return nameOf(schema);
  const t = Array.isArray(schema.type) ? schema.type.join(" or ") : schema.type || "any";
  if (t.startsWith("array")) return "list of " + typeOf(schema.items);
  if (schema.format) return t + " (" + schema.format + ")";
  return t;
};

const rules = (s) => {
  const out = [];
  if (s.enum) out.push("one of " + s.enum.join(", "));
  if (s.minimum != null) out.push("at least " + s.minimum);
  if (s.maximum != null) out.push("at most " + s.maximum);
  if (s.minLength != null) out.push("at least " + s.minLength + " characters");
  if (s.maxLength != null) out.push("at most " + s.maxLength + " characters");
  if (s.patternDescription || s.pattern) out.push(s.patternDescription || s.pattern);
  if (s.default != null) out.push("default " + s.default);
  if (s.examples) out.push("such as " + s.examples.join(", "));
  return out.join("; ");
};

const row = (name, schema, required, description) => {
  const about = [description || schema.description, rules(schema)].filter(Boolean).join(" ");
  return el("tr", {},
    el("td", {}, el("code", {}, name), required ? el("span", { class: "must", title: "required" }, " *") : null),
    el("td", {}, typeOf(schema)), el("td", { class: "dim" }, about));
};

const table = (rows) => el("table", {},
  el("thead", {}, el("tr", {}, el("th", {}, "name"), el("th", {}, "type"), el("th", {}, "about"))),
  el("tbody", {}, ...rows));

const fields = (schema, seen) => {
  const s = resolve(schema);
  const box = el("div", {});
  if (typeOf(schema).startsWith("list of") && schema.items) return fields(schema.items, seen);
  if (!s.properties) { box.append(el("p", { class: "dim" }, [typeOf(s), rules(s)].filter(Boolean).join("; "))); return box; }
  const must = new Set(s.required || []);
  box.append(table(Object.entries(s.properties).map(([n, p]) => row(n, p, must.has(n)))));
  for (const p of Object.values(s.properties)) {
    const inner = p.$ref ? p : p.items && p.items.$ref ? p.items : null;
    const name = nameOf(inner);
    if (name && !seen.has(name)) {
      seen.add(name);
      box.append(el("h3", {}, name), fields(inner, seen));
    }
  }
  return box;
};

const content = (part) => {
  const [kind, media] = Object.entries((part && part.content) || {})[0] || [];
  return kind ? { kind, schema: media.schema } : null;
};

const operation = (verb, path, op) => {
  const body = el("div", { class: "body" });
  if (op.description) body.append(el("p", {}, op.description));
  body.append(el("p", { class: "dim" }, op.security && op.security.length ? "Needs a bearer token." : "Open."));
  if (op.parameters && op.parameters.length) {
    body.append(el("h3", {}, "Parameters"), table(op.parameters.map((p) => row(p.name + " (" + p.in + ")", p.schema, p.required, p.description))));
  }
  const sent = content(op.requestBody);
  if (sent) body.append(el("h3", {}, "Body"), fields(sent.schema, new Set()));
  const problems = [];
  for (const [status, answer] of Object.entries(op.responses)) {
    const got = content(answer);
    if (got && got.kind === "application/problem+json") { problems.push(status); continue; }
    body.append(el("h3", {}, status + " " + (answer.description || "") + (got ? ", " + got.kind : "")));
    if (got) body.append(fields(got.schema, new Set()));
  }
  if (problems.length) {
    body.append(el("h3", {}, problems.join(", ") + ": a problem"), fields({ $ref: "#/components/schemas/Problem" }, new Set()));
  }
  const words = JSON.stringify([path, op.summary, op.description, op.operationId, sent && resolve(sent.schema).properties]).toLowerCase();
  return el("details", { id: op.operationId, "data-words": words },
    el("summary", {}, el("span", { class: "verb " + verb }, verb.toUpperCase()), el("span", { class: "path" }, path), el("span", {}, op.summary || "")),
    body);
};

const show = () => {
  document.title = doc.info.title + " API " + doc.info.version;
  document.getElementById("title").textContent = document.title;
  document.getElementById("about").textContent = doc.info.description || "";
  const groups = new Map();
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const [verb, op] of Object.entries(item)) {
      const tag = (op.tags && op.tags[0]) || "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(verb, path, op));
    }
  }
  const main = document.getElementById("main");
  main.replaceChildren(...[...groups].map(([tag, list]) => el("section", {}, el("h2", {}, tag), ...list)));
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted && wanted.tagName === "DETAILS") { wanted.open = true; wanted.scrollIntoView(); }
};

document.getElementById("find").addEventListener("input", (e) => {
  const word = e.target.value.trim().toLowerCase();
  for (const d of document.querySelectorAll("details")) d.hidden = word !== "" && !d.dataset.words.includes(word);
  for (const s of document.querySelectorAll("section")) s.hidden = !s.querySelector("details:not([hidden])");
});

fetch("openapi.json").then((r) => r.json()).then((d) => { doc = d; show(); }).catch((err) => {
  document.getElementById("main").textContent = "openapi.json could not be read: " + err;
});
