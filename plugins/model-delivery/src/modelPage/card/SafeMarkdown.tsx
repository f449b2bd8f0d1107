import { ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';
import gfm from 'remark-gfm';
import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import { ScrollRegion, Sub, tableSx } from '../../components';
import { isBoundedMarkdown } from './markdownBounds';

/** What is the seventh of quotes and lists in one another, and further: no narrow column holds it indented. */
const TOO_DEEP = `& ${':is(ul, ol, blockquote) '.repeat(7)}`.trim();

/**
 * Markdown that others wrote. HTML is shown as the text that it is, comments are left out, addresses lead to the web or a
 * mailbox or nowhere, and images are links: to load one would tell its server who reads. What no page could draw is shown as
 * it was written.
 */
export function SafeMarkdown(props: { text: string }) {
  if (!isBoundedMarkdown(props.text)) {
    return (
      <>
        <Sub>
          Shown as it was written: it is too long, or nested too deep, to be
          drawn.
        </Sub>
        <AsWritten text={props.text} />
      </>
    );
  }
  return (
    <Box
      sx={{
        fontSize: 14,
        lineHeight: '20px',
        overflowWrap: 'anywhere',
        '& p, & ul, & ol, & pre, & blockquote': { m: '0 0 8px' },
        '& ul, & ol': { pl: 2.5 },
        '& pre': {
          p: 1,
          overflowX: 'auto',
          borderRadius: '4px',
          bgcolor: 'action.hover',
        },
        '& blockquote': {
          pl: 1.5,
          borderLeft: '3px solid',
          borderColor: 'divider',
        },
        [TOO_DEEP]: { pl: 0, borderLeft: 0, listStylePosition: 'inside' },
        // Known for a link without its colour too
        '& a': { textDecoration: 'underline' },
        '& h4': { m: '12px 0 4px', fontSize: 13 },
      }}
    >
      <ReactMarkdown
        remarkPlugins={[gfm, withoutComments]}
        components={{
          a: ({ href, children }) => <Away to={href}>{children}</Away>,
          img: ({ src, alt }) => (
            <Away to={src}>{alt ? `Image: ${alt}` : 'Image'}</Away>
          ),
          h1: Heading,
          h2: Heading,
          h3: Heading,
          h4: Heading,
          h5: Heading,
          h6: Heading,
          table: ({ children }) => (
            <ScrollRegion label="Table of the text">
              <Box component="table" sx={[tableSx, { mb: 1 }]}>
                {children}
              </Box>
            </ScrollRegion>
          ),
          pre: ({ children }) => (
            // What scrolls must be reached by keyboard
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <pre tabIndex={0}>{children}</pre>
          ),
          input: ({ checked }) => <>{checked ? '☑ ' : '☐ '}</>,
        }}
      >
        {props.text}
      </ReactMarkdown>
    </Box>
  );
}

function AsWritten(props: { text: string }) {
  return (
    <Box
      component="pre"
      // What scrolls must be reached by keyboard
      tabIndex={0}
      sx={{
        m: 0,
        maxHeight: 400,
        overflowY: 'auto',
        fontSize: 12,
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      {props.text}
    </Box>
  );
}

/** The section's own heading is the third; whatever the text says, what is in it comes below. */
function Heading(props: { children?: ReactNode }) {
  return <h4>{props.children}</h4>;
}

function Away(props: { to?: string; children?: ReactNode }) {
  const { to, children } = props;
  return to && /^(https?:\/\/|mailto:)/i.test(to) ? (
    <Link
      to={to}
      rel="noopener noreferrer nofollow"
      referrerPolicy="no-referrer"
    >
      {children}
    </Link>
  ) : (
    <>{children}</>
  );
}

interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
}

/** Leaves out HTML comments, with which templates of cards explain themselves. */
function withoutComments() {
  return function clean(node: MarkdownNode): void {
    node.children = node.children?.filter(
      ({ type, value }) =>
        !(type === 'html' && /^<!--[\s\S]*-->$/.test(value?.trim() ?? '')),
    );
    node.children?.forEach(clean);
  };
}
