import { Knex } from 'knex';
import {
  ApprovalSlot,
  FaultyDataRule,
  FreezeWindow,
  GateDefinition,
  Policy as PolicyView,
  PolicyEnvironment as PolicyEnvironmentView,
  Risk,
  RolloutPlan,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';

/** How a gate treats a difference that may be chance. */
export interface GateTolerance {
  /** Metric whose intervals are compared. */
  metric: string;
  /** `bootstrap-overlap` lets through, with a warning, what does not pass while the intervals overlap. */
  method: 'bootstrap-overlap';
  /** What the candidate is compared with; `production` unless set. */
  against?: 'production' | 'training';
}

/** A gate, ready to be evaluated. */
export interface Gate extends GateDefinition {
  tolerance?: GateTolerance;
}

/** What a policy asks for in one environment. */
export interface PolicyEnvironment extends PolicyEnvironmentView {
  /** Ids of the gates that a version must pass to get in. */
  gates: string[];
  slots: ApprovalSlot[];
  /** Asked instead of `slots` while nothing serves there. */
  firstDeploymentSlots: ApprovalSlot[];
  rollout: RolloutPlan;
  /** How long a version has to have served in the environment before; 0 for not at all. */
  soakSeconds: number;
  /** When nothing is put in here; see `isFrozen` and `nextOpen`. */
  freezeWindows: FreezeWindow[];
  /** How long an approval may be waited for, and holds once given. */
  expiresAfterSeconds: number;
}

/** Who decides: the members of a group, nested groups included. */
export interface PolicyRoleDefinition {
  role: string;
  title: string;
  /** Entity ref. */
  group: string;
  /** Groups whose approval counts for at least as much, where a stricter policy asks for theirs instead. */
  outrankedBy: string[];
}

/** The content that a policy's digest covers. */
export interface PolicyContent {
  name: string;
  title: string;
  risk: Risk;
  /** Null for teams of any size that have no policy of their own. */
  teamSize: TeamSize | null;
  tier: PolicyView['tier'];
  roles: PolicyRoleDefinition[];
  /** In the order in which a version passes through them. */
  environments: PolicyEnvironment[];
  gates: Gate[];
  /**
   * What becomes of the evaluations of a version when data that it was made of are found faulty. Absent for `revoke`, so that
   * a policy that says nothing keeps its digest; read it by `faultyDataOf`.
   */
  faultyData?: FaultyDataRule;
}

/** A policy by its content. */
export interface Policy extends PolicyContent {
  /** `sha256:` of the RFC 8785 form of the content. */
  digest: string;
}

/** What the choice of a policy looks at. */
export interface PolicyCell {
  risk: Risk;
  teamSize: TeamSize;
}

/** Knows which policy is in force for which models. */
export interface Policies {
  /** The policy in force for a model. */
  forModel(model: PolicyCell): Policy;
  /**
   * A policy that is or was in force.
   * @throws NotFoundError when there never was one.
   */
  byDigest(knex: Knex, digest: string): Promise<Policy>;
}
