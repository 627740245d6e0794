// The query editor. It lives in a shadow root, because CodeMirror then hands its styles over as a
// constructed style sheet, which a policy without inline styles allows.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
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
  ".wrong": { textDecoration: "underline wavy 2px light-dark(#b00020, #ff8a95)" },
  ".cm-cursor": { borderLeftColor: "CanvasText" },
});

const markWrong = StateEffect.define<{ from: number; to: number }>();

/** The one place where the query is wrong; any change takes the mark away. */
const WRONG = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(markWrong)) {
        const { from, to } = effect.value;
        return from < to ? Decoration.set([Decoration.mark({ class: "wrong" }).range(from, to)]) : Decoration.none;
      }
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export interface Editor {
  text(): string;
  show(text: string): void;
  /** Mark where a query is wrong; 1-based line and column, in code points. */
  mark(line: number, column: number): void;
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
        WRONG,
        THEME,
        EditorView.lineWrapping,
        // A browser that types over coloured text keeps its colour with an inline style, which the
        // policy of the page forbids; so the editor does it without the browser.
        EditorView.domEventHandlers({
          beforeinput: (event, view) => {
            const typed = event.inputType === "insertText" && !event.isComposing ? event.data : null;
            if (typed === null || view.state.selection.main.empty) return false;
            event.preventDefault();
            view.dispatch(view.state.replaceSelection(typed), { userEvent: "input.type" });
            return true;
          },
        }),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false" }),
        // Tab moves on to the next control, as it does everywhere else on the page.
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    show: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (line, column) => {
      const document = view.state.doc;
      const found = document.line(Math.min(Math.max(line, 1), document.lines));
      const before = [...found.text].slice(0, column - 1).join("").length;
      const to = Math.min(found.from + before + 1, found.to);
      const from = Math.max(Math.min(found.from + before, to - 1), found.from);
      view.dispatch({ effects: markWrong.of({ from, to }), selection: { anchor: from }, scrollIntoView: true });
    },
    focus: () => view.focus(),
  };
}
