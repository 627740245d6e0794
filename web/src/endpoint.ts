// The server that the page came from, asked by the SPARQL 1.1 Protocol.

import { type Answer, type Answered, type Engine, Failed, Stopped, type Term, type Triple } from "./answers";

const RESULTS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
const TYPES: Record<string, string> = { csv: "text/csv", json: RESULTS, ttl: "text/turtle", nt: TRIPLES };
const TRIPLE = /^(<[^>]*>|_:\S+) (<[^>]*>) (.+) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const CONTROLS: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

interface Problem {
  detail?: string;
  hint?: string;
  line?: number;
  column?: number;
}

interface Binding {
  type: string;
  value: unknown;
  "xml:lang"?: string;
  datatype?: string;
}

interface Results {
  head: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Record<string, Binding>[] };
}

function literal(value: string, language: string | undefined, datatype: string | undefined): Term {
  const found: Term = { type: "literal", value };
  if (language) found.language = language;
  else if (datatype) found.datatype = datatype;
  return found;
}

function bound(binding: Binding | undefined): Term | null {
  if (binding === undefined) return null;
  const { type, value } = binding;
  if (typeof value !== "string") return { type: "triple", value: JSON.stringify(value) };
  if (type === "uri") return { type: "iri", value };
  if (type === "bnode") return { type: "blank", value };
  return literal(value, binding["xml:lang"], binding.datatype);
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, short?: string, long?: string, other?: string) => {
    if (other !== undefined) return CONTROLS[other] ?? other;
    return String.fromCodePoint(Number.parseInt(short ?? long ?? "", 16));
  });
}

function read(text: string): Term {
  if (text.startsWith("<") && text.endsWith(">") && !text.startsWith("<<")) return { type: "iri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "blank", value: text.slice(2) };
  const found = LITERAL.exec(text);
  return found === null ? { type: "triple", value: text } : literal(unescaped(found[1] ?? ""), found[2], found[3]);
}

/** The triples of N-Triples, each once. */
export function triples(text: string): Triple[] {
  const lines = new Set(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
  return [...lines].map((line) => {
    const found = TRIPLE.exec(line);
    if (found === null) throw new Error(`no triple: ${line}`);
    return [read(found[1]!), read(found[2]!), read(found[3]!)];
  });
}

function answer(type: string, text: string): Answer {
  if (!type.startsWith(RESULTS)) return { kind: "graph", triples: triples(text) };
  const { head, boolean, results } = JSON.parse(text) as Results;
  if (boolean !== undefined) return { kind: "boolean", value: boolean };
  const variables = head.vars ?? [];
  const rows = (results?.bindings ?? []).map((row) => variables.map((name) => bound(row[name])));
  return { kind: "solutions", variables, rows };
}

export class Endpoint implements Engine {
  private running: AbortController | null = null;

  /** `unreachable` and `broken` are what is said where no answer comes, or only a part of one. */
  constructor(
    private readonly url: string,
    private readonly messages: { unreachable: string; broken: string },
  ) {}

  load(): Promise<null> {
    return Promise.resolve(null);
  }

  stop(): void {
    this.running?.abort();
  }

  private async send(query: string, accept: string): Promise<{ type: string; text: string }> {
    const running = new AbortController();
    this.running = running;
    let said = this.messages.unreachable;
    try {
      const headers = { Accept: accept, "Content-Type": "application/sparql-query" };
      const response = await fetch(this.url, { method: "POST", headers, body: query, signal: running.signal });
      said = this.messages.broken;
      const text = await response.text();
      const type = response.headers.get("Content-Type") ?? "";
      if (!response.ok) throw refused(response, type, text);
      return { type, text };
    } catch (error) {
      if (running.signal.aborted) throw new Stopped();
      throw error instanceof Failed ? error : new Failed(said);
    } finally {
      this.running = null;
    }
  }

  async ask(query: string): Promise<Answered> {
    const begin = performance.now();
    const { type, text } = await this.send(query, `${RESULTS}, ${TRIPLES};q=0.9`);
    return { answer: answer(type, text), milliseconds: performance.now() - begin };
  }

  async write(query: string, format: string): Promise<string> {
    return (await this.send(query, TYPES[format] ?? "*/*")).text;
  }
}

function refused(response: Response, type: string, text: string): Failed {
  const problem = type.includes("json") ? (JSON.parse(text) as Problem) : {};
  const { detail = `${response.status} ${response.statusText}`, hint, line, column } = problem;
  return new Failed(hint === undefined ? detail : `${detail}; ${hint}`, line ?? null, column ?? null);
}
