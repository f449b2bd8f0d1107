import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type {
  Deployment,
  MetricAnalysis,
  ModelSummary,
  PipelineRun,
  PromotionState,
  RolloutStep,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import * as states from './states';
import { useTones } from './tones';

/** Exactly one of the states that can be said. */
export type StateLabelSubject =
  | { promotion: PromotionState }
  | { verdict: Verdict }
  | { health: ModelSummary['health']['state'] }
  | { card: ModelSummary['card']['state'] }
  | { waiting: ModelSummary['waiting']['kind'] }
  | { analysis: MetricAnalysis['verdict'] }
  | { step: RolloutStep['state'] }
  | { run: PipelineRun['outcome'] }
  | { deployment: Deployment['outcome'] }
  | { appearance: states.StateAppearance };

/** What a {@link StateLabel} shows. */
export type StateLabelProps = StateLabelSubject & {
  /** Another word than the state's own, such as `3 of 3 pass`. */
  children?: ReactNode;
  /** Filled, where it is the one thing to see. */
  filled?: boolean;
};

/** The word, colour and shape of a state. */
export function appearanceOf(
  subject: StateLabelSubject,
): states.StateAppearance {
  if ('promotion' in subject) return states.promotionStates[subject.promotion];
  if ('verdict' in subject) return states.verdicts[subject.verdict];
  if ('health' in subject) return states.healthStates[subject.health];
  if ('card' in subject) return states.cardStates[subject.card];
  if ('waiting' in subject) return states.waitingKinds[subject.waiting];
  if ('analysis' in subject) return states.analysisVerdicts[subject.analysis];
  if ('step' in subject) return states.stepStates[subject.step];
  if ('run' in subject) return states.runOutcomes[subject.run];
  if ('deployment' in subject)
    return states.deploymentOutcomes[subject.deployment];
  return subject.appearance;
}

/** A state as an icon and a word. Good is light and unfilled, so that what needs a person stands out. */
export function StateLabel(props: StateLabelProps) {
  const { children, filled } = props;
  const { label, tone, icon: Icon } = appearanceOf(props);
  const colors = useTones()[tone];
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: '5px',
        verticalAlign: 'top',
        whiteSpace: 'nowrap',
        color: colors.text,
        fontSize: 13,
        lineHeight: '18px',
        fontWeight: tone === 'ok' && !filled ? 400 : 700,
        ...(filled && {
          bgcolor: colors.surface,
          borderRadius: '4px',
          p: '2px 8px 2px 6px',
        }),
      }}
    >
      <Icon sx={{ fontSize: 15, flex: 'none' }} />
      {children ?? label}
    </Box>
  );
}
