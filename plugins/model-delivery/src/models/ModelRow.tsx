import { Fragment, memo } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import Skeleton from '@mui/material/Skeleton';
import StarIcon from '@mui/icons-material/Star';
import StarBorderIcon from '@mui/icons-material/StarBorder';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { SampleChip, Sub, ToBeCompletedChip } from '../components';
import type { ModelColumn } from './modelColumns';
import { underName } from './underName';

/** What a {@link ModelRow} shows. */
export interface ModelRowProps {
  model: ModelSummary;
  columns: ModelColumn[];
  starred: boolean;
  onStar: (ref: string) => void;
  /** Whether it is chosen to be compared, or cannot be; undefined while nobody chooses. */
  choice: 'chosen' | 'free' | 'refused' | undefined;
  /** Chooses it, takes it back, or says why not. */
  onChoose: (model: ModelSummary) => void;
}

/** The cells of one model, read in a second: what serves, is it healthy, does anything wait. */
export const ModelRow = memo(Cells);

function Cells(props: ModelRowProps) {
  const { model, columns, starred, onStar, choice, onChoose } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  return (
    <>
      <div role="cell" className="star">
        {choice ? (
          <input
            type="checkbox"
            checked={choice === 'chosen'}
            // Not disabled: whoever tries it is told why not
            aria-disabled={choice === 'refused'}
            aria-label={`Compare ${model.name}`}
            onChange={() => onChoose(model)}
          />
        ) : (
          <button
            type="button"
            onClick={() => onStar(model.ref)}
            aria-pressed={starred}
            aria-label={`Star ${model.name}`}
            title={starred ? 'Starred' : 'Star'}
          >
            {starred ? (
              <StarIcon fontSize="inherit" color="primary" />
            ) : (
              <StarBorderIcon fontSize="inherit" />
            )}
          </button>
        )}
      </div>
      <div role="rowheader" className="name">
        <Link
          title={model.title}
          to={entityRoute({
            kind: 'model',
            namespace: model.namespace,
            name: model.name,
          })}
        >
          {model.name}
        </Link>
        <Sub>
          {underName(model).map((words, i) => (
            // Each in its own direction
            <Fragment key={i}>
              {i > 0 && ', '}
              <bdi>{words}</bdi>
            </Fragment>
          ))}{' '}
          {model.sample && <SampleChip />}{' '}
          <ToBeCompletedChip fields={model.toBeCompleted} />
        </Sub>
      </div>
      {columns.map(({ id, title, className, Cell }) => (
        <div role="cell" key={id} className={className}>
          <CardLabel>{title}</CardLabel>
          <Cell model={model} />
        </div>
      ))}
    </>
  );
}

/** In place of a model that is not loaded yet. */
export function ComingRow() {
  return (
    <div role="cell" className="coming">
      <Skeleton width="60%" height={20} aria-label="Loading" />
    </div>
  );
}

/** The column's heading, where the row is a card; the table's own headings serve those who listen. */
function CardLabel(props: { children: string }) {
  return (
    <span className="cardLabel" aria-hidden>
      {props.children}
    </span>
  );
}
