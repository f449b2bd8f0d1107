import { useState } from 'react';
import { LinkButton } from '@backstage/core-components';
import { alertApiRef, useApi, useRouteRef } from '@backstage/core-plugin-api';
import Button from '@mui/material/Button';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { icons, readableError } from '../components';
import { createPipelineRouteRef } from '../routes';
import { download, loadAllModels, modelsToCsv } from './exportModels';
import type { ModelColumn } from './modelColumns';
import type { ModelsQuery } from './modelsQuery';

/** What a {@link ModelsActions} exports. */
export interface ModelsActionsProps {
  query: ModelsQuery;
  columns: ModelColumn[];
  /** The models that are loaded: all of them where they are the starred ones. */
  shown: ModelSummary[];
}

/** Exports what the list shows, and leads to where a pipeline is made. */
export function ModelsActions(props: ModelsActionsProps) {
  const { query, columns, shown } = props;
  const client = useModelDelivery();
  const alertApi = useApi(alertApiRef);
  const createRoute = useRouteRef(createPipelineRouteRef);
  const [exporting, setExporting] = useState(false);
  const exportCsv = async () => {
    setExporting(true);
    try {
      const models = query.starred ? shown : await loadAllModels(client, query);
      download('models.csv', 'text/csv', modelsToCsv(models, columns));
    } catch (error) {
      alertApi.post({
        message: `The models were not exported: ${
          readableError(error).message
        }`,
        severity: 'error',
        display: 'transient',
      });
    } finally {
      setExporting(false);
    }
  };
  return (
    <>
      <Button
        variant="outlined"
        color="inherit"
        size="small"
        startIcon={<icons.DownloadIcon />}
        onClick={exportCsv}
        disabled={exporting}
        sx={{ textTransform: 'none' }}
      >
        {exporting ? 'Exporting…' : 'Export CSV'}
      </Button>
      {createRoute && (
        <LinkButton
          to={createRoute()}
          variant="contained"
          color="primary"
          size="small"
          startIcon={<icons.CreateIcon />}
          style={{ textTransform: 'none' }}
        >
          Create a model pipeline
        </LinkButton>
      )}
    </>
  );
}
