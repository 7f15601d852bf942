import { type CSSProperties, memo, type ReactElement, type ReactNode } from 'react'
import {
  type Components,
  defaultRehypePlugins,
  defaultRemarkPlugins,
  Streamdown,
  type StreamdownProps,
} from 'streamdown'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { keepReferencesAsText, markCitations } from './answer-markdown-plugins.ts'
import type { AnswerState } from './answer-view.ts'
import { CitationMark } from './citation-mark.tsx'
import { copySelection } from './copy-selection.ts'
import { UncitedMark } from './uncited-mark.tsx'

type Plugins = NonNullable<StreamdownProps['rehypePlugins']>
type Children = { readonly children?: ReactNode }
type CellProps = Children & { readonly align?: string; readonly style?: CSSProperties }

const plain = (
  tag:
    | 'p'
    | 'h1'
    | 'h2'
    | 'h3'
    | 'h4'
    | 'h5'
    | 'h6'
    | 'ul'
    | 'ol'
    | 'li'
    | 'blockquote'
    | 'strong'
    | 'thead'
    | 'tbody'
    | 'tr'
    | 'sup'
    | 'sub'
    | 'section',
) => {
  const Tag = tag
  const Plain = ({ children }: Children): ReactElement => <Tag>{children}</Tag>
  Plain.displayName = `Plain(${tag})`
  return Plain
}

/** A cell of a table; columns of figures keep to the side that the Markdown gave them. */
const cell = (tag: 'th' | 'td') => {
  const Tag = tag
  const Cell = ({ children, align, style }: CellProps): ReactElement => (
    <Tag data-align={align ?? style?.textAlign}>{children}</Tag>
  )
  Cell.displayName = `Cell(${tag})`
  return Cell
}

function Picture({ alt }: { readonly alt?: string | undefined }): ReactElement {
  const { t } = useTranslate()
  return (
    <span className="text-soft">
      [{alt === undefined || alt === '' ? t('answer.picture') : `${t('answer.picture')}: ${alt}`}]
    </span>
  )
}

/**
 * What Markdown may become. A link is its text: what a document or a model wrote can open nothing. A picture is its
 * description: nothing is loaded. Code is set in its own face, without a highlighter.
 */
const components = {
  p: plain('p'),
  // The question is the turn's heading (h2); headings inside the answer follow below it.
  h1: plain('h3'),
  h2: plain('h3'),
  h3: plain('h4'),
  h4: plain('h5'),
  h5: plain('h6'),
  h6: plain('h6'),
  ul: plain('ul'),
  ol: ({ children, start }: Children & { readonly start?: number | undefined }) => (
    <ol {...(start === undefined ? {} : { start })}>{children}</ol>
  ),
  li: plain('li'),
  blockquote: plain('blockquote'),
  strong: plain('strong'),
  hr: () => <hr />,
  a: ({ children }: Children) => <span>{children}</span>,
  img: Picture,
  table: ({ children }: Children) => (
    <div className="table-scroll">
      <table>{children}</table>
    </div>
  ),
  thead: plain('thead'),
  tbody: plain('tbody'),
  tr: plain('tr'),
  th: cell('th'),
  td: cell('td'),
  sup: plain('sup'),
  sub: plain('sub'),
  section: plain('section'),
  pre: ({ children }: Children) => <pre tabIndex={0}>{children}</pre>,
  code: ({ children }: Children) => <code>{children}</code>,
  inlineCode: ({ children }: Children) => <code>{children}</code>,
  'citation-mark': CitationMark,
  'uncited-mark': UncitedMark,
} as Components

// Without rehype-raw, HTML in the text stays text; the sanitiser is a second line behind that.
const rehypePlugins = [defaultRehypePlugins['sanitize'], markCitations].filter(
  (plugin) => plugin !== undefined,
) as Plugins
const remarkPlugins = [...Object.values(defaultRemarkPlugins), keepReferencesAsText] as Plugins
// An unfinished `[1` must not become a link for a moment.
const remend = { links: false, images: false, htmlTags: false, katex: false }

/** An answer's Markdown, drawn as it arrives: finished blocks are not drawn again. */
export const AnswerText = memo(function AnswerText({
  text,
  state,
  label,
}: {
  readonly text: string
  readonly state: AnswerState
  readonly label: string
}): ReactElement {
  return (
    <div
      role="group"
      className="answer selectable"
      data-testid="answer"
      data-state={state}
      lang={textLanguage(text)}
      aria-label={label}
      aria-busy={state === 'streaming'}
      onCopy={copySelection}
    >
      <Streamdown
        mode="streaming"
        parseIncompleteMarkdown={state === 'streaming'}
        components={components}
        rehypePlugins={rehypePlugins}
        remarkPlugins={remarkPlugins}
        remend={remend}
        controls={false}
        linkSafety={{ enabled: false }}
      >
        {text}
      </Streamdown>
    </div>
  )
})
