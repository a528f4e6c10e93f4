import { createElement, Fragment, memo, type ReactNode } from "react";
import { safeAddress } from "../../lib/address.ts";
import type { Look } from "./blocks.ts";
import type { Change, Compared, Piece } from "./compare.ts";
import { kindWords, lookWords } from "./words.ts";

/** Blocks with what changed in them, as they read. Those that belong together (a list's items, a table's rows) stand together. */
export const Blocks = memo(function Blocks({ blocks }: { blocks: readonly Compared[] }) {
  return groupsOf(blocks).map((group, index) => {
    const [first] = group;
    // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one comparison stay in their order
    return first ? <Group key={index} first={first} group={group} /> : null;
  });
});

/** Of an item in a list in a list. */
const DEEPER_EM = 1.3;

function Group({ first: { kind }, group }: { first: Compared; group: readonly Compared[] }) {
  const own = (draw: (one: Compared) => ReactNode) =>
    group.map((one, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={index}>{draw(one)}</Fragment>
    ));
  const drawn =
    kind.name === "item" ? (
      createElement(
        kind.number === undefined ? "ul" : "ol",
        { style: { marginInlineStart: `${(kind.depth - 1) * DEEPER_EM}em` } },
        own((one) => (
          <li value={one.kind.number} className={one.change === "removed" ? "list-none" : undefined}>
            {one.kind.ticked === undefined ? null : (
              <input
                type="checkbox"
                checked={one.kind.ticked}
                readOnly
                disabled
                aria-label={one.kind.ticked ? "Ticked" : "Not ticked"}
                className="mr-2"
              />
            )}
            <Text of={one} />
          </li>
        )),
      )
    ) : kind.name === "row" ? (
      <div className="overflow-x-auto">
        <table>
          <tbody>
            {own((one) => (
              <Row of={one} />
            ))}
          </tbody>
        </table>
      </div>
    ) : (
      own((one) => <Single of={one} />)
    );
  return kind.isQuoted ? <blockquote>{drawn}</blockquote> : drawn;
}

function Single({ of }: { of: Compared }) {
  const { kind } = of;
  if (kind.name === "rule") return <hr className={changed(of.change)} />;
  if (kind.name === "code")
    return (
      <pre>
        <code>
          <Text of={of} />
        </code>
      </pre>
    );
  if (kind.name === "heading") return createElement(`h${kind.depth}`, null, <Text of={of} />);
  return (
    <p style={kind.depth > 0 ? { marginInlineStart: `${kind.depth * DEEPER_EM}em` } : undefined}>
      <Text of={of} />
    </p>
  );
}

const changed = (change: Change): string | undefined =>
  change === "added" ? "!border-ok" : change === "removed" ? "!border-bad !border-dashed" : undefined;

function Row({ of }: { of: Compared }) {
  const cells: Piece[][] = [[]];
  for (const piece of of.pieces) {
    if (piece.endsCell && piece.change !== "removed") cells.push([]);
    else cells.at(-1)?.push(piece);
  }
  const Cell = of.kind.isHead ? "th" : "td";
  return (
    <tr>
      {cells.map((pieces, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells stay in their order
        <Cell key={index}>
          {index === 0 ? <Was of={of} /> : null}
          <Pieces of={pieces} />
        </Cell>
      ))}
    </tr>
  );
}

const Text = ({ of }: { of: Compared }) => (
  <>
    <Was of={of} />
    <Pieces of={of.pieces} />
  </>
);

/** The same words in another kind of block. */
function Was({ of: { was } }: { of: Compared }) {
  return was ? (
    <span className="mb-1 block font-sans text-xs font-normal tracking-normal text-muted not-italic">
      Formatting changed: was {kindWords(was)}
    </span>
  ) : null;
}

/** Pieces, those of one change beside each other inside one `ins` or `del`. */
function Pieces({ of: pieces }: { of: readonly Piece[] }) {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last && last[0]?.change === piece.change) last.push(piece);
    else runs.push([piece]);
  }
  return runs.map((run, index) => {
    const drawn = run.map((piece, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces stay in their order
      <Words key={at} of={piece} />
    ));
    const change = run[0]?.change;
    if (change !== "added" && change !== "removed")
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      return <Fragment key={index}>{drawn}</Fragment>;
    return createElement(
      change === "added" ? "ins" : "del",
      { key: index },
      <span className="sr-only">{change === "added" ? " added: " : " taken out: "}</span>,
      ...drawn,
      <span className="sr-only">{change === "added" ? " (end of added) " : " (end of taken out) "}</span>,
    );
  });
}

function Words({ of: { text, look, was, endsCell } }: { of: Piece }) {
  if (endsCell) return " | ";
  const drawn = set(text, look);
  if (!was) return drawn;
  const address = was.link !== look.link || was.picture !== look.picture;
  return (
    <>
      <span className="changed-look" title={`Formatting changed: was ${lookWords(was)}`}>
        {drawn}
      </span>
      {address ? (
        // An address nobody sees is the change that matters most.
        <span className="ms-1 font-sans text-xs break-all text-muted">(was {lookWords(was)})</span>
      ) : (
        <span className="sr-only"> (formatting changed: was {lookWords(was)})</span>
      )}
    </>
  );
}

/** Words as they are set. */
function set(text: string, { bold, italic, struck, code, link, picture }: Look): ReactNode {
  let drawn: ReactNode = text === "\n" ? <br /> : text;
  if (picture !== undefined) drawn = <span className="text-muted">[picture: {drawn}]</span>;
  if (code) drawn = <code>{drawn}</code>;
  if (struck) drawn = <s>{drawn}</s>;
  if (italic) drawn = <em>{drawn}</em>;
  if (bold) drawn = <strong>{drawn}</strong>;
  const href = link === undefined ? undefined : safeAddress(link);
  return href === undefined ? (
    drawn
  ) : (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {drawn}
    </a>
  );
}

/** Blocks that stand together: items of one list, rows of one table; anything else by itself. */
function groupsOf(blocks: readonly Compared[]): Compared[][] {
  const groups: Compared[][] = [];
  for (const one of blocks) {
    const last = groups.at(-1);
    if (last?.[0] && together(last[0], one)) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

function together({ kind: a }: Compared, { kind: b }: Compared): boolean {
  if (a.name !== b.name || a.isQuoted !== b.isQuoted) return false;
  if (a.name === "row") return !b.isHead;
  return a.name === "item" && a.depth === b.depth && (a.number === undefined) === (b.number === undefined);
}
