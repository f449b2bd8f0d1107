import { forgetEvents } from '../lineage/forgetEvents';
import { forgetUnfollowed } from '../registries/AliasFollowing';
import { Services } from './Services';

/** Begins the work that nobody asks for by HTTP. */
export async function startWork(services: Services): Promise<void> {
  const { context, policies, models } = services.foundation;
  const {
    promotions,
    reviewClock,
    reminderClock,
    waiverUpkeep,
    lookout,
    worker,
    answers,
    samples,
  } = services.delivery;
  const { cardWords, catalogSync, registrySync, impact } = services.knowledge;
  const { work, config, scheduler } = context;
  await catalogSync.start();
  await registrySync.start();
  await promotions.policiesChanged();
  await scheduler.scheduleTask({
    id: 'policies',
    scope: 'local',
    frequency: { milliseconds: config.policies.reloadIntervalMs },
    timeout: { minutes: 1 },
    fn: async () => {
      await policies.reload();
      await promotions.policiesChanged();
    },
  });
  await scheduler.scheduleTask({
    id: 'waivers',
    // Those who decide see at once what a waiver is about; this ends the ones that nobody looks at.
    frequency: { milliseconds: 10 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => waiverUpkeep.sweep(),
  });
  await scheduler.scheduleTask({
    id: 'card-ages',
    // They are told in days
    frequency: { milliseconds: 300 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => models.ageCards(),
  });
  await scheduler.scheduleTask({
    id: 'unfollowed-aliases',
    frequency: { milliseconds: 10 * config.pollIntervalMs },
    timeout: { minutes: 1 },
    fn: () => forgetUnfollowed(context),
  });
  await scheduler.scheduleTask({
    id: 'card-words',
    frequency: { milliseconds: 10 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => cardWords.look(),
  });
  await scheduler.scheduleTask({
    id: 'lineage-events',
    // They are kept for weeks
    frequency: { milliseconds: 300 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => forgetEvents(work),
  });
  await scheduler.scheduleTask({
    id: 'data-faults',
    // Most are settled by the request that says so; this goes on with those that were interrupted or affect very much.
    frequency: { milliseconds: 10 * config.pollIntervalMs },
    timeout: { minutes: 15 },
    fn: () => impact.settleOpen(),
  });
  await scheduler.scheduleTask({
    id: 'pushed-samples',
    scope: 'local',
    // They are kept for days
    frequency: { milliseconds: 300 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => samples.clean(),
  });
  await scheduler.scheduleTask({
    id: 'release-answers',
    scope: 'local',
    frequency: { milliseconds: config.pollIntervalMs },
    timeout: { minutes: 10 },
    fn: () => answers.run(),
  });
  await scheduler.scheduleTask({
    id: 'outside-changes',
    frequency: { milliseconds: 10 * config.pollIntervalMs },
    timeout: { minutes: 5 },
    fn: () => lookout.look(),
  });
  work.onCommit(() => worker.wake());
  await scheduler.scheduleTask({
    id: 'promotions',
    scope: 'local',
    frequency: { milliseconds: config.pollIntervalMs },
    timeout: { minutes: 1 },
    fn: async () => {
      worker.wake();
      await reviewClock.look();
      await reminderClock.look();
    },
  });
}
