// The SPARQL page: an editor, the stored queries as examples, answers as tables and pictures. They
// come from the server of the page where it answers queries, else from a worker in the page.

import { type Answer, type Engine, Failed, Stopped } from "./answers";
import { type Drawing, drawing, picture } from "./drawn-answer";
import { editor } from "./editor";
import { Endpoint } from "./endpoint";
import { Worked } from "./engine";
import { make, type Messages, type Place, place, say } from "./page";
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

type View = "table" | "graph" | "turtle";

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

function engineOf(here: Place): Engine {
  const url = here.element.dataset.endpoint;
  if (url === undefined) return new Worked(`${here.root}dump.nq`);
  const { unreachable = "", broken = "" } = here.messages;
  return new Endpoint(url, { unreachable, broken });
}

/** A choice of how an answer is shown, by radio buttons. */
function views(offered: View[], chosen: View, messages: Messages, choose: (view: View) => void): HTMLElement {
  const buttons = offered.map((view) => {
    const button = make("input", { type: "radio", name: "view", value: view });
    button.checked = view === chosen;
    button.addEventListener("change", () => choose(view));
    return make("label", {}, button, " ", say(messages, view));
  });
  return make("fieldset", { class: "views" }, make("legend", {}, say(messages, "views")), ...buttons);
}

async function start(here: Place): Promise<void> {
  const { element, messages } = here;
  const stored = await examples(`${here.root}query/index.json`);
  const languages = (element.dataset.languages ?? here.language).split(" ");
  const site: Site = { base: stored.base, root: here.root, language: here.language, languages };
  const engine = engineOf(here);
  const select = choices(stored, here);
  const question = make("p", { class: "question", dir: "auto" });
  const host = make("div", { class: "editor" });
  const run = make("button", { type: "submit" }, say(messages, "run"));
  const stop = make("button", { type: "button", disabled: "" }, say(messages, "stop"));
  const status = make("p", { role: "status" });
  const answers = make("div", { class: "answers" });
  const form = make(
    "form",
    {},
    make("p", {}, make("label", { for: "sparql-example" }, say(messages, "example")), " ", select),
    question,
    host,
    make("p", { class: "buttons" }, run, " ", stop, " ", make("small", {}, say(messages, "keys"))),
    status,
  );
  element.replaceChildren(form, answers);
  const written = editor(host, say(messages, "query"), () => form.requestSubmit());

  const tell = (error: unknown): void => {
    status.className = "error";
    if (error instanceof Stopped) {
      status.textContent = say(messages, "stopped");
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    // What engines and servers say is in English.
    status.replaceChildren(make("bdi", { lang: "en", dir: "auto" }, message));
    if (!(error instanceof Failed) || error.line === null || error.column === null) return;
    if (!message.includes(`${error.line}:`)) {
      status.prepend(say(messages, "at", { line: error.line, column: error.column }), " ");
    }
    written.mark(error.line, error.column);
  };

  // The engine answers one question at a time.
  let last: Promise<void> = Promise.resolve();
  const work = (task: () => Promise<string>): Promise<void> => {
    run.disabled = true;
    stop.disabled = false;
    element.setAttribute("aria-busy", "true");
    status.className = "";
    status.textContent = say(messages, "running");
    const mine = last.then(task).then((said) => void (status.textContent = said), tell);
    last = mine.then(() => {
      if (last !== ended) return;
      run.disabled = false;
      stop.disabled = true;
      element.removeAttribute("aria-busy");
    });
    const ended = last;
    return last;
  };

  const downloads = (query: string, kind: string, said: string): HTMLElement => {
    const list = make("p", { class: "downloads" }, say(messages, "download"));
    const formats = kind === "graph" ? [["ttl", "text/turtle"], ["nt", "application/n-triples"]] : [["csv", "text/csv"], ["json", "application/sparql-results+json"]];
    for (const [format, type] of formats as [string, string][]) {
      const button = make("button", { type: "button" }, format === "ttl" ? "Turtle" : format === "nt" ? "N-Triples" : format.toUpperCase());
      button.addEventListener("click", () => {
        void work(async () => {
          download(`answer.${format}`, type, await engine.write(query, format));
          return said;
        });
      });
      list.append(" ", button);
    }
    return list;
  };

  let chosen: View = "table";
  const content = async (view: View, query: string, answer: Answer, found: Drawing | null): Promise<HTMLElement> => {
    if (view === "graph" && found !== null) return picture(found, engine, site, messages);
    if (view === "turtle") return make("pre", { dir: "ltr", tabindex: "0" }, await engine.write(query, "ttl"));
    return shown(answer, site, messages);
  };
  const show = async (query: string, answer: Answer, said: string): Promise<void> => {
    const found = drawing(answer);
    const offered: View[] = ["table"];
    if (found !== null) offered.push("graph");
    if (answer.kind === "graph") offered.push("turtle");
    const view = offered.includes(chosen) ? chosen : "table";
    const place = make("div", {}, await content(view, query, answer, found));
    const choose = (wanted: View): void => {
      chosen = wanted;
      void work(async () => {
        place.replaceChildren(await content(wanted, query, answer, found));
        return said;
      });
    };
    const choice = offered.length > 1 ? [views(offered, view, messages, choose)] : [];
    answers.replaceChildren(downloads(query, answer.kind, said), ...choice, place);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (run.disabled) return;
    const query = written.text();
    void work(async () => {
      answers.replaceChildren();
      const { answer, milliseconds } = await engine.ask(query);
      const said = say(messages, "done", { milliseconds: Math.ceil(milliseconds) });
      await show(query, answer, said);
      return said;
    });
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
  const quads = await engine.load();
  status.textContent = quads === null ? say(messages, "live") : say(messages, "ready", { quads });
  element.dataset.ready = "";
}

const here = place("sparql");
if (here !== null) {
  start(here).catch((error: unknown) => {
    here.element.append(make("p", { role: "alert", class: "error" }, String(error)));
  });
}
