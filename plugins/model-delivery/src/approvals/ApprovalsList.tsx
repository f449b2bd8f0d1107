import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ApprovalPage } from '@slipway/backstage-plugin-model-delivery-common';
import type { Pages } from '../api';
import { ReviewLabel } from '../breakGlass/ReviewLabel';
import {
  Duration,
  icons,
  PageState,
  RiskBars,
  StateLabel,
  Sub,
  Time,
  useTones,
} from '../components';
import { appearanceOf } from '../components';
import { ClockOrDate } from '../promotions/StateRail';
import type { ApprovalItem, ApprovalSection } from './useApprovals';
import { buttonSx } from '../promotions/buttonSx';

const titles: Record<ApprovalSection, string> = {
  waiting: 'Waiting for you',
  reviews: 'Emergencies to review',
  barred: 'You cannot decide',
  decided: 'Decided',
};

const nothing: Record<ApprovalSection, string> = {
  waiting: 'Nothing waits for you.',
  reviews: 'No emergency waits for your review.',
  barred: 'Nothing that you are barred from.',
  decided: 'You have not decided on anything yet.',
};

/** The inbox as a list in sections. Emergencies are left out while there are none, since they should be rare. */
export function ApprovalsList(props: {
  sections: Record<ApprovalSection, Pages<ApprovalPage>>;
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const { sections, selected, onSelect } = props;
  // One may have decided before on what now waits again: only the one that waits is marked.
  const isOpen = [sections.waiting, sections.reviews, sections.barred].some(
    pages => pages.data?.some(item => item.promotion.id === selected),
  );
  const shown = (['waiting', 'reviews', 'barred', 'decided'] as const).filter(
    section =>
      section !== 'reviews' ||
      sections.reviews.error !== undefined ||
      (sections.reviews.data ?? []).length > 0,
  );
  return (
    <Box
      component="nav"
      aria-label="Approvals"
      sx={{ bgcolor: 'background.paper', borderRadius: '8px', p: '12px 8px' }}
    >
      {shown.map(section => (
        <Section
          key={section}
          section={section}
          pages={sections[section]}
          selected={section === 'decided' && isOpen ? undefined : selected}
          onSelect={onSelect}
        />
      ))}
    </Box>
  );
}

function Section(props: {
  section: ApprovalSection;
  pages: Pages<ApprovalPage>;
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const { section, pages, selected, onSelect } = props;
  const isCounted = section === 'waiting' || section === 'reviews';
  const count = isCounted ? pages.first?.counts[section] : pages.data?.length;
  return (
    <>
      <Box
        component="h2"
        sx={{ m: 0, p: '12px 8px 4px', fontSize: 13, lineHeight: '18px' }}
      >
        {titles[section]}{' '}
        {count !== undefined && (
          <Box
            component="span"
            sx={{ color: 'text.secondary', fontWeight: 400 }}
          >
            {count}
            {!isCounted && pages.hasMore && ' or more'}
          </Box>
        )}
      </Box>
      <PageState
        state={pages}
        what={`what is ${titles[section].toLowerCase()}`}
        lines={2}
      >
        {items =>
          items.length === 0 ? (
            <Sub sx={{ px: 1 }}>{nothing[section]}</Sub>
          ) : (
            <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
              {items.map((item: ApprovalItem) => (
                <li key={`${item.promotion.id}/${item.decision?.id ?? ''}`}>
                  <Entry
                    item={item}
                    isSelected={item.promotion.id === selected}
                    onSelect={onSelect}
                  />
                </li>
              ))}
            </Box>
          )
        }
      </PageState>
      {pages.hasMore && (
        <Button
          sx={buttonSx}
          size="small"
          onClick={pages.loadMore}
          disabled={pages.loadingMore}
        >
          {pages.loadingMore ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </>
  );
}

function Entry(props: {
  item: ApprovalItem;
  isSelected: boolean;
  onSelect: (id: string) => void;
}) {
  const { item, isSelected, onSelect } = props;
  const { promotion, barredBecause, decision } = item;
  const { breakGlass } = promotion;
  const isReview = breakGlass !== undefined && !decision;
  const tones = useTones();
  return (
    <Box
      component="button"
      type="button"
      aria-current={isSelected ? 'true' : undefined}
      onClick={() => onSelect(promotion.id)}
      sx={{
        display: 'block',
        width: 1,
        p: 1,
        border: 0,
        borderRadius: '4px',
        font: 'inherit',
        fontSize: 13,
        lineHeight: '18px',
        textAlign: 'left',
        color: 'text.primary',
        cursor: 'pointer',
        bgcolor: isSelected ? tones.running.surface : 'transparent',
        boxShadow: isSelected ? `inset 3px 0 0 ${tones.running.text}` : 'none',
        '&:hover': {
          bgcolor: isSelected ? tones.running.surface : 'action.hover',
        },
        '&:focus-visible': { outline: `2px solid ${tones.running.text}` },
      }}
    >
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
        <Box component="b" sx={{ overflowWrap: 'anywhere' }}>
          {promotion.bundle
            ? `Bundle ${promotion.bundle.name}`
            : `${promotion.modelTitle} ${promotion.version}`}
        </Box>
        {decision ? (
          <DecisionLabel decision={decision} />
        ) : (
          <RiskBars risk={promotion.risk} />
        )}
      </Box>
      {!decision && <span>to {promotion.environment}</span>}
      {barredBecause && (
        <Sub sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
          <icons.LockIcon sx={{ fontSize: 14 }} />
          {barredBecause}
        </Sub>
      )}
      {isReview && (
        <Sub sx={{ display: 'flex', flexWrap: 'wrap', gap: '0 8px' }}>
          <ReviewLabel breakGlass={breakGlass} />
          <span>
            due <Time at={breakGlass.reviewBy} />
          </span>
        </Sub>
      )}
      {!isReview && !barredBecause && !decision && (
        <Sub>
          Waits <Duration from={promotion.stateSince} />
          {promotion.expiresAt && (
            <>
              , expires <Time at={promotion.expiresAt} />
            </>
          )}
          ; {promotion.slotsFilled} of {promotion.slotsTotal} slots
        </Sub>
      )}
      {decision && (
        <Sub>
          <ClockOrDate at={decision.decidedAt} />
          {decision.voided
            ? `, ${decision.voided.because}`
            : `, now ${appearanceOf({
                promotion: promotion.state,
              }).label.toLowerCase()}${
                promotion.state === 'rolling-out' && promotion.share !== null
                  ? ` at ${promotion.share} %`
                  : ''
              }`}
        </Sub>
      )}
    </Box>
  );
}

/** What one decided, and whether it still holds. */
export function DecisionLabel(props: {
  decision: NonNullable<ApprovalItem['decision']>;
}) {
  const { decision } = props;
  if (decision.voided) {
    return (
      <StateLabel
        appearance={{ label: 'Voided', tone: 'warned', icon: icons.WarnedIcon }}
      />
    );
  }
  return decision.decision === 'approve' ? (
    <StateLabel verdict="passed">Approved</StateLabel>
  ) : (
    <StateLabel verdict="failed">Rejected</StateLabel>
  );
}
