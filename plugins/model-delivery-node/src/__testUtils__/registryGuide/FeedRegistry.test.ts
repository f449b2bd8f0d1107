import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { describeRegistryContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { FeedEntry, FeedRegistry } from './FeedRegistry';

const TOKEN = 'nobody may see this';

describeRegistryContract('The feed', {
  secrets: [TOKEN],
  async start() {
    const feed: FeedEntry[] = [];
    let requests = 0;
    let trouble: 'down' | 'nonsense' | undefined;
    const server = createServer((req, res) => {
      requests += 1;
      const query = new URL(req.url!, 'http://feed').searchParams;
      const after = Number(query.get('after'));
      const page = feed.slice(after, after + Number(query.get('limit')));
      res.statusCode = trouble === 'down' ? 503 : 200;
      res.end(trouble === 'nonsense' ? '<html>' : JSON.stringify(page));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connect = () =>
      new FeedRegistry('main', `http://127.0.0.1:${port}`, TOKEN);
    const be = async (what: typeof trouble) => {
      trouble = what;
      return async () => {
        trouble = undefined;
      };
    };
    return {
      registry: connect(),
      addVersions: async (model, count, { tags = {} } = {}) =>
        Array.from({ length: count }, () => {
          const sequence = feed.length + 1;
          const version = `v${sequence}`;
          const at = new Date().toISOString();
          feed.push({ sequence, model, version, labels: tags, at });
          return version;
        }),
      beDown: () => be('down'),
      answerNonsense: () => be('nonsense'),
      countRequests: async () => requests,
      restart: async () => connect(),
      end: async () => {
        server.closeAllConnections();
        server.close();
      },
    };
  },
});
