// The query editor. It lives in a shadow root, because CodeMirror then hands its styles over as a
// constructed style sheet, which a policy without inline styles allows.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "light-dark(#5b2a86, #d3a8ff)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#1b5e20, #9ad69e)" },
  { tag: tags.comment, color: "light-dark(#555, #b5b5b5)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: "light-dark(#0b5394, #8fc1ff)" },
  { tag: [tags.number, tags.bool, tags.atom], color: "light-dark(#7a3e00, #ffb870)" },
]);

const THEME = EditorView.theme({
  "&": { border: "1px solid GrayText", backgroundColor: "Canvas", color: "CanvasText", direction: "ltr" },
  "&.cm-focused": { outline: "2px solid Highlight" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "15px", maxHeight: "60vh", minHeight: "12rem" },
  ".cm-gutters": { backgroundColor: "Canvas", color: "light-dark(#595959, #b5b5b5)", borderRight: "1px solid GrayText" },
  ".cm-activeLine": { backgroundColor: "light-dark(#0000000a, #ffffff12)" },
  ".cm-cursor": { borderLeftColor: "CanvasText" },
});

export interface Editor {
  text(): string;
  show(text: string): void;
  /** Mark where a query is wrong; 1-based line and column, in code points. */
  mark(line: number, column: number, message: string): void;
  focus(): void;
}

export function editor(host: HTMLElement, label: string, run: () => void): Editor {
  const root = host.attachShadow({ mode: "open" });
  const place = document.createElement("div");
  root.append(place);
  const view = new EditorView({
    root,
    parent: place,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        sparql(),
        syntaxHighlighting(COLOURS),
        THEME,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        // Tab moves on to the next control, as it does everywhere else on the page.
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    show: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (line, column, message) => {
      const document = view.state.doc;
      const found = document.line(Math.min(Math.max(line, 1), document.lines));
      const before = [...found.text].slice(0, column - 1).join("").length;
      const from = Math.min(found.from + before, document.length);
      const to = Math.min(from + 1, document.length);
      view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message }]));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    },
    focus: () => view.focus(),
  };
}
