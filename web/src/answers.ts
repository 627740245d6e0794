// What the page and the worker that evaluates queries say to one another.

export interface Term {
  type: "iri" | "literal" | "blank" | "triple";
  value: string;
  language?: string;
  datatype?: string;
}

export type Answer =
  | { kind: "solutions"; variables: string[]; rows: (Term | null)[][] }
  | { kind: "boolean"; value: boolean }
  | { kind: "graph"; turtle: string; triples: number };

export type Request =
  | { do: "load"; dump: string }
  | { do: "ask"; id: number; query: string }
  | { do: "write"; id: number; query: string; format: string };

export type Reply =
  | { is: "loaded"; quads: number }
  | { is: "answer"; id: number; answer: Answer; milliseconds: number }
  | { is: "written"; id: number; text: string }
  | { is: "error"; id: number | null; message: string };
