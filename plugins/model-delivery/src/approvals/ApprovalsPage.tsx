import { useRef } from 'react';
import Box from '@mui/material/Box';
import { useSearchParams } from 'react-router-dom';
import type { HeaderMetadataItem } from '@backstage/ui';
import {
  Duration,
  LoadingTogether,
  Message,
  PageFrame,
  PersonName,
} from '../components';
import { StandIns } from '../delegations/StandIns';
import { useUserRef } from '../drafts/useUserRef';
import { ApprovalDetail } from './ApprovalDetail';
import { ApprovalsList } from './ApprovalsList';
import { WaiversToDecide } from './WaiversToDecide';
import { useApprovals } from './useApprovals';
import { useDrafts } from './useDraft';

/** The inbox: what waits for me, what I may not decide and why, what I decided; and one of them in full. */
export function ApprovalsPage() {
  const [params, setParams] = useSearchParams();
  const sections = useApprovals();
  const userRef = useUserRef();
  const drafts = useDrafts(userRef);
  const detailRef = useRef<HTMLDivElement>(null);
  const waiting = sections.waiting.data ?? [];
  const selected =
    params.get('selected') ??
    // As the links in notifications name it
    params.get('promotion') ??
    waiting[0]?.promotion.id ??
    sections.reviews.data?.[0]?.promotion.id ??
    sections.barred.data?.[0]?.promotion.id;

  const select = (id: string) => {
    setParams({ selected: id });
    // On a narrow screen the detail lies below the list.
    const detail = detailRef.current;
    if (detail && detail.getBoundingClientRect().top > window.innerHeight / 2) {
      detail.scrollIntoView?.({ block: 'start' });
    }
    detail?.focus({ preventScroll: true });
  };
  const reloadAll = () =>
    Object.values(sections).forEach(section => section.reload());
  const oldest = waiting
    .map(item => item.promotion.stateSince)
    .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  const metadata: HeaderMetadataItem[] = [
    ...(userRef
      ? [{ label: 'You decide as', value: <PersonName principal={userRef} /> }]
      : []),
    {
      label: 'Waiting for you',
      value: String(sections.waiting.first?.counts.waiting ?? '–'),
    },
    ...(sections.reviews.first?.counts.reviews
      ? [
          {
            label: 'Emergencies to review',
            value: String(sections.reviews.first.counts.reviews),
          },
        ]
      : []),
    ...(oldest ? [{ label: 'Oldest', value: <Duration from={oldest} /> }] : []),
  ];

  return (
    <PageFrame title="Approvals" metadata={metadata}>
      <LoadingTogether>
        <Box
          sx={{
            display: 'grid',
            gap: 2.5,
            alignItems: 'start',
            gridTemplateColumns: {
              xs: 'minmax(0, 1fr)',
              md: '320px minmax(0, 1fr)',
            },
          }}
        >
          <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
            <WaiversToDecide />
            <ApprovalsList
              sections={sections}
              selected={selected}
              onSelect={select}
            />
            <StandIns userRef={userRef} />
          </Box>
          <Box
            ref={detailRef}
            tabIndex={-1}
            sx={{ minWidth: 0, outline: 'none', scrollMarginTop: 8 }}
          >
            {selected ? (
              <ApprovalDetail
                key={selected}
                promotionId={selected}
                userRef={userRef}
                drafts={drafts}
                onDecided={reloadAll}
              />
            ) : (
              sections.waiting.data && (
                <Message title="Nothing to decide">
                  A promotion to an environment whose policy asks for your role
                  appears here as soon as its gates let it through.
                </Message>
              )
            )}
          </Box>
        </Box>
      </LoadingTogether>
    </PageFrame>
  );
}
