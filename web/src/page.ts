// What a page tells its script: messages in the language of the page, and where things lie.

export type Messages = Record<string, string>;

/** The element that a script fills, with the messages and paths that its page gives it. */
export interface Place {
  element: HTMLElement;
  messages: Messages;
  /** Path from the page to the root of the site, with a slash at its end. */
  root: string;
  /** Language of the page. */
  language: string;
}

export function place(id: string): Place | null {
  const element = document.getElementById(id);
  if (element === null) return null;
  return {
    element,
    messages: JSON.parse(element.dataset.messages ?? "{}") as Messages,
    root: element.dataset.root ?? "../",
    language: element.dataset.language ?? document.documentElement.lang,
  };
}

/** The message called `name`, each `{key}` replaced; its name where the page has no such message. */
export function say(messages: Messages, name: string, values: Record<string, string | number> = {}): string {
  const text = messages[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

type Child = Node | string;

/** An HTML element with attributes and children; text stays text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
