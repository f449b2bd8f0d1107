import { ConfigReader } from '@backstage/config';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { FakeMlflow } from './__testUtils__/FakeMlflow';
import { readMlflowConnections } from './config';
import { MlflowServer } from './MlflowServer';
import { MlflowTracking } from './MlflowTracking';
import { RunReader } from './RunReader';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function setUp() {
  const mlflow = new FakeMlflow();
  server.use(...mlflow.handlers);
  const [connection] = readMlflowConnections(
    new ConfigReader({
      modelDelivery: { mlflow: { main: { baseUrl: mlflow.baseUrl } } },
    }),
  );
  const warnings: string[] = [];
  const reader = new RunReader(
    new MlflowTracking(new MlflowServer(connection)),
    message => warnings.push(message),
  );
  const add = (experiment: string, count: number) =>
    Array.from({ length: count }, (_, index) => {
      const id = `${experiment}-${index}`;
      mlflow.runs.set(id, { info: { run_id: id, experiment_id: experiment } });
      return id;
    });
  /** The ids that were found, and what was asked for it. */
  const read = async (ids: string[]) => {
    mlflow.requests = [];
    const runs = await reader.read(ids);
    const asked: Record<string, number> = {};
    mlflow.requests.forEach(path => {
      asked[path] = (asked[path] ?? 0) + 1;
    });
    expect([...runs.keys()].sort()).toEqual([...new Set(ids)].sort());
    return {
      found: ids.filter(id => runs.get(id)?.info.run_id === id),
      asked,
    };
  };
  return { mlflow, reader, add, read, warnings };
}

describe('runs', () => {
  it('are searched where runs were found before, and read one by one elsewhere', async () => {
    const { mlflow, add, read } = setUp();
    const [first, second, third, ...others] = add('1', 123);
    // The first one says where to look
    expect(await read([first, second, third])).toEqual({
      found: [first, second, third],
      asked: { 'runs/get': 1, 'runs/search': 1 },
    });
    const elsewhere = add('2', 30);
    const strange = `a') OR attributes.run_id != ('`;
    mlflow.runs.set(strange, { info: { run_id: strange } });
    expect(
      await read([...others, ...others, ...elsewhere, 'gone', strange]),
    ).toEqual({
      found: [...others, ...others, ...elsewhere, strange],
      asked: { 'runs/search': 4, 'runs/get': 32 },
    });
    expect(await read([...others, ...elsewhere])).toEqual({
      found: [...others, ...elsewhere],
      asked: { 'runs/search': 3 },
    });
    // One is as quickly asked for by its name
    expect((await read([first])).asked).toEqual({ 'runs/get': 1 });
  });

  it('are read one by one from a server that cannot search them, until it is tried again', async () => {
    const { mlflow, reader, add, read, warnings } = setUp();
    const ids = add('1', 10);
    await read(ids);
    mlflow.refused.set('runs/search', () =>
      HttpResponse.json(
        { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid IN' },
        { status: 400 },
      ),
    );
    const all = { found: ids, asked: { 'runs/get': 10 } };
    expect(await read(ids)).toEqual({
      found: ids,
      asked: { ...all.asked, 'runs/search': 1 },
    });
    expect(await read(ids)).toEqual(all);
    expect(warnings).toEqual([
      expect.stringMatching(/^Runs are read one by one .*Invalid IN$/),
    ]);
    mlflow.refused.clear();
    expect(await read(ids)).toEqual(all);
    reader.tryAgain();
    expect(await read(ids)).toEqual({
      found: ids,
      asked: { 'runs/search': 1 },
    });
  });

  it('are searched on when the whole server was down for a while', async () => {
    const { mlflow, reader, add, read, warnings } = setUp();
    const ids = add('1', 10);
    await read(ids);
    mlflow.trouble = () => HttpResponse.error();
    await expect(reader.read(ids)).rejects.toThrow('cannot be reached');
    mlflow.trouble = undefined;
    expect((await read(ids)).asked).toEqual({ 'runs/search': 1 });
    expect(warnings).toEqual([]);
  });
});
