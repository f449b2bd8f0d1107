import { FakeDeployer } from '../../../plugins/model-delivery-backend/src/__testUtils__/FakeDeployer';

/** A deployer and metrics source that takes its time to answer, as one beyond a network does. */
export class DistantTarget extends FakeDeployer {
  /** @param answerMs - how long each answer takes, in milliseconds */
  constructor(private readonly answerMs: number) {
    super();
    this.beforeRead = () => this.#travel();
  }

  override async prepare(options: Parameters<FakeDeployer['prepare']>[0]) {
    await this.#travel();
    return super.prepare(options);
  }

  override async setTraffic(
    options: Parameters<FakeDeployer['setTraffic']>[0],
  ) {
    await this.#travel();
    return super.setTraffic(options);
  }

  override async release(options: Parameters<FakeDeployer['release']>[0]) {
    await this.#travel();
    return super.release(options);
  }

  override async observe(target: Parameters<FakeDeployer['observe']>[0]) {
    await this.#travel();
    return super.observe(target);
  }

  #travel(): Promise<void> {
    return new Promise(resolve => setTimeout(resolve, this.answerMs));
  }
}
