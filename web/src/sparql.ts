// The SPARQL page: an editor, the stored queries as examples, answers computed in the page.

import { editor } from "./editor";
import { Engine, Stopped } from "./engine";
import { make, type Place, place, say } from "./page";
import { shown, type Site } from "./results";

interface Example {
  name: string;
  category: string;
  summary: Record<string, string>;
  description: Record<string, string>;
  query: string;
}

interface Examples {
  base: string;
  queries: Example[];
}

const POSITION = /error at (\d+):(\d+)/;

async function examples(path: string): Promise<Examples> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as Examples;
}

// The text for readers of a language: the site's languages come in the order in which they fall back.
function text(texts: Record<string, string>, language: string): { lang: string; said: string } {
  const lang = language in texts ? language : (Object.keys(texts)[0] ?? "");
  return { lang, said: texts[lang] ?? "" };
}

function choices(stored: Examples, here: Place): HTMLSelectElement {
  const { messages, language } = here;
  const select = make("select", { id: "sparql-example" }, make("option", { value: "" }, say(messages, "choose")));
  const groups = new Map<string, HTMLOptGroupElement>();
  for (const each of stored.queries) {
    let group = groups.get(each.category);
    if (group === undefined) {
      group = make("optgroup", { label: each.category || "–" });
      groups.set(each.category, group);
      select.append(group);
    }
    const { lang, said } = text(each.summary, language);
    group.append(make("option", { value: each.name, lang, dir: "auto" }, said));
  }
  return select;
}

function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function start(here: Place): Promise<void> {
  const { element, messages } = here;
  const stored = await examples(`${here.root}query/index.json`);
  const site: Site = { base: stored.base, root: here.root, language: here.language };
  const engine = new Engine(`${here.root}dump.nq`);
  const select = choices(stored, here);
  const question = make("p", { class: "question", dir: "auto" });
  const host = make("div", { class: "editor" });
  const run = make("button", { type: "submit" }, say(messages, "run"));
  const stop = make("button", { type: "button", disabled: "" }, say(messages, "stop"));
  const status = make("p", { role: "status" });
  const answer = make("div", { class: "answers" });
  const form = make(
    "form",
    {},
    make("p", {}, make("label", { for: "sparql-example" }, say(messages, "example")), " ", select),
    question,
    host,
    make("p", { class: "buttons" }, run, " ", stop, " ", make("small", {}, say(messages, "keys"))),
    status,
  );
  element.replaceChildren(form, answer);
  const written = editor(host, say(messages, "query"), () => form.requestSubmit());

  const downloads = (query: string, kind: string): HTMLElement => {
    const list = make("p", { class: "downloads" }, say(messages, "download"));
    const formats = kind === "graph" ? [["ttl", "text/turtle"], ["nt", "application/n-triples"]] : [["csv", "text/csv"], ["json", "application/sparql-results+json"]];
    for (const [format, type] of formats as [string, string][]) {
      const button = make("button", { type: "button" }, format === "ttl" ? "Turtle" : format === "nt" ? "N-Triples" : format.toUpperCase());
      button.addEventListener("click", async () => download(`answer.${format}`, type, await engine.write(query, format)));
      list.append(" ", button);
    }
    return list;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (run.disabled) return;
    const query = written.text();
    run.disabled = true;
    stop.disabled = false;
    element.setAttribute("aria-busy", "true");
    status.className = "";
    status.textContent = say(messages, "running");
    try {
      const { answer: found, milliseconds } = await engine.ask(query);
      answer.replaceChildren(downloads(query, found.kind), shown(found, site, messages));
      status.textContent = say(messages, "done", { milliseconds: Math.ceil(milliseconds) });
    } catch (error) {
      answer.replaceChildren();
      status.className = "error";
      const message = error instanceof Error ? error.message : String(error);
      status.textContent = error instanceof Stopped ? say(messages, "stopped") : message;
      const at = POSITION.exec(message);
      if (at !== null) written.mark(Number(at[1]), Number(at[2]));
    } finally {
      run.disabled = false;
      stop.disabled = true;
      element.removeAttribute("aria-busy");
    }
  });
  stop.addEventListener("click", () => engine.stop());

  const choose = (name: string): void => {
    const example = stored.queries.find((each) => each.name === name);
    const { lang, said } = text(example?.description ?? {}, here.language);
    question.lang = lang;
    question.textContent = said;
    if (example !== undefined) written.show(example.query);
    select.value = example?.name ?? "";
  };
  select.addEventListener("change", () => choose(select.value));
  const wanted = (): string => decodeURIComponent(location.hash.slice(1));
  addEventListener("hashchange", () => choose(wanted()));
  choose(wanted() || (stored.queries[0]?.name ?? ""));
  status.textContent = say(messages, "loading");
  status.textContent = say(messages, "ready", { quads: await engine.load() });
  element.dataset.ready = "";
}

const here = place("sparql");
if (here !== null) {
  start(here).catch((error: unknown) => {
    here.element.append(make("p", { role: "alert", class: "error" }, String(error)));
  });
}
