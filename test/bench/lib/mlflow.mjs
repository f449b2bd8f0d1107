import { join } from 'node:path';
import { freePort } from './programs.mjs';

/**
 * Starts MLflow of the Python environment that SLIPWAY_MLFLOW_VENV names, over the database `mlflow` of a PostgreSQL server.
 * @returns {Promise<string>} its address
 */
export async function startMlflow(programs, server) {
  const folder = process.env.SLIPWAY_MLFLOW_VENV;
  const program = join(folder, 'bin/mlflow');
  const env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  };
  const store = server.replace('postgresql://', 'postgresql+psycopg2://');
  const uri = store.replace(/\/postgres$/, '/mlflow');
  await programs.run('mlflow db upgrade', program, ['db', 'upgrade', uri], {
    env,
  });
  const port = await freePort();
  const mlflow = programs.start(
    'mlflow server',
    program,
    [
      'server',
      '--backend-store-uri',
      uri,
      '--artifacts-destination',
      '/tmp',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    { env, cwd: '/tmp' },
  );
  const url = `http://127.0.0.1:${port}`;
  await programs.waitFor(mlflow, `${url}/health`, 120_000);
  return url;
}
