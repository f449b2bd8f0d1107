import {
  SchedulerService,
  SchedulerServiceTaskDescriptor,
  SchedulerServiceTaskInvocationDefinition,
  SchedulerServiceTaskRunner,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';

type Task = SchedulerServiceTaskScheduleDefinition &
  SchedulerServiceTaskInvocationDefinition;

/** Frequencies up to this many milliseconds are kept in real time; rarer tasks run once, when they are scheduled. */
const FREQUENT_MS = 1_000;

/** A scheduler that runs every task at once, and the frequent ones again and again until it is stopped. */
export class TestScheduler implements SchedulerService {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #abort = new AbortController();

  async scheduleTask(task: Task): Promise<void> {
    await task.fn(this.#abort.signal);
    const { frequency } = task;
    const milliseconds =
      'milliseconds' in frequency ? frequency.milliseconds : undefined;
    if (milliseconds !== undefined && milliseconds <= FREQUENT_MS) {
      this.#timers.add(
        setInterval(() => {
          Promise.resolve(task.fn(this.#abort.signal)).catch(() => {});
        }, milliseconds),
      );
    }
  }

  createScheduledTaskRunner(
    schedule: SchedulerServiceTaskScheduleDefinition,
  ): SchedulerServiceTaskRunner {
    return { run: task => this.scheduleTask({ ...task, ...schedule }) };
  }

  async triggerTask(): Promise<void> {}
  async cancelTask(): Promise<void> {}
  async getScheduledTasks(): Promise<SchedulerServiceTaskDescriptor[]> {
    return [];
  }

  /** Runs nothing any more. */
  stop(): void {
    this.#abort.abort();
    this.#timers.forEach(timer => clearInterval(timer));
  }
}
