import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { HeaderMetadataItem } from '@backstage/ui';
import type { EntityHeaderLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import {
  Entity,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  EntityRefLinks,
  getEntityRelations,
  UnregisterEntityDialog,
  useAsyncEntity,
  useEntityPresentation,
  useStarredEntity,
} from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import MoreVertIcon from '@mui/icons-material/MoreVert';
import StarIcon from '@mui/icons-material/Star';
import StarBorderIcon from '@mui/icons-material/StarBorder';
import {
  fieldsToBeCompleted,
  ModelDetail,
} from '@slipway/backstage-plugin-model-delivery-common';
import { BreakGlassButton } from '../breakGlass/BreakGlassButton';
import { ReviewDueMark } from '../breakGlass/ReviewDueMark';
import {
  Code,
  PageHeader,
  PeopleNames,
  RiskBars,
  SampleChip,
  ToBeCompletedChip,
} from '../components';
import { PolicyLink } from '../policies/PolicyLink';
import { RequestPromotionButton } from './RequestPromotionButton';
import { useModelDetail } from './useModelDetail';

/** The head of a model's page: what it is, whose, how risky, and the way to a promotion. */
export function ModelHeader(props: EntityHeaderLayoutProps) {
  const { entity } = useAsyncEntity();
  return entity ? (
    <Loaded {...props} entity={entity} />
  ) : (
    <PageHeader title="Model" />
  );
}

function Loaded(props: EntityHeaderLayoutProps & { entity: Entity }) {
  const { entity, tabs, activeTabId } = props;
  const { primaryTitle } = useEntityPresentation(entity);
  const { data: model } = useModelDetail();
  const type = entity.spec?.type?.toString();
  return (
    <PageHeader
      title={primaryTitle}
      tags={[{ label: entity.kind }, ...(type ? [{ label: type }] : [])]}
      metadata={metadataOf(entity, model)}
      tabs={tabs}
      activeTabId={activeTabId}
      customActions={
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          {model?.viewer.mayRequestPromotion && (
            <RequestPromotionButton model={model} />
          )}
          {model && <BreakGlassButton model={model} />}
          <StarButton entity={entity} />
          <MoreButton entity={entity} />
        </Box>
      }
    />
  );
}

function metadataOf(
  entity: Entity,
  model: ModelDetail | undefined,
): HeaderMetadataItem[] {
  const systems = getEntityRelations(entity, RELATION_PART_OF);
  const lifecycle = entity.spec?.lifecycle?.toString();
  const owners = getEntityRelations(entity, RELATION_OWNED_BY);
  const missing = fieldsToBeCompleted(entity);
  return [
    { label: 'Name', value: <Code>{entity.metadata.name}</Code> },
    ...(lifecycle ? [{ label: 'Lifecycle', value: lifecycle }] : []),
    ...(owners.length > 0
      ? [
          {
            label: 'Owner',
            value: (
              <PeopleNames
                principals={owners.map(owner => stringifyEntityRef(owner))}
              />
            ),
          },
        ]
      : []),
    ...(systems.length > 0
      ? [
          {
            label: 'System',
            value: <EntityRefLinks entityRefs={systems} hideIcons />,
          },
        ]
      : []),
    ...(model
      ? [
          { label: 'Risk', value: <RiskBars risk={model.risk} /> },
          {
            label: 'Tier',
            value: (
              <PolicyLink to={{ risk: model.risk, teamSize: model.teamSize }}>
                {model.tier} ({model.teamSize} team)
              </PolicyLink>
            ),
          },
        ]
      : []),
    ...(model?.reviewDue
      ? [
          {
            label: 'Emergency',
            value: <ReviewDueMark reviewDue={model.reviewDue} inline />,
          },
        ]
      : []),
    ...(missing.length > 0
      ? [{ label: 'Entity', value: <ToBeCompletedChip fields={missing} /> }]
      : []),
    ...(model?.sample ? [{ label: 'Data', value: <SampleChip /> }] : []),
  ];
}

function StarButton(props: { entity: Entity }) {
  const { isStarredEntity, toggleStarredEntity } = useStarredEntity(
    props.entity,
  );
  return (
    <IconButton
      onClick={() => toggleStarredEntity()}
      aria-pressed={isStarredEntity}
      aria-label="Star this model"
      title={isStarredEntity ? 'Starred' : 'Star'}
      size="small"
    >
      {isStarredEntity ? <StarIcon color="primary" /> : <StarBorderIcon />}
    </IconButton>
  );
}

function MoreButton(props: { entity: Entity }) {
  const { entity } = props;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [unregistering, setUnregistering] = useState(false);
  const [, setParams] = useSearchParams();
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label="More"
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <MenuItem
          onClick={() => {
            close();
            // The entity page opens its inspector by this parameter
            setParams(params => {
              params.set('inspect', '');
              return params;
            });
          }}
        >
          Inspect entity
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            window.navigator.clipboard.writeText(window.location.href);
          }}
        >
          Copy address
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            setUnregistering(true);
          }}
        >
          Unregister entity…
        </MenuItem>
      </Menu>
      {unregistering && (
        <UnregisterEntityDialog
          open
          entity={entity}
          onConfirm={() => window.location.assign('/')}
          onClose={() => setUnregistering(false)}
        />
      )}
    </>
  );
}
