/**
 * Generated from plugins/model-delivery-backend/src/schema/openapi.yaml by `npm run openapi`.
 */
/** @public */
export interface paths {
  '/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One page of the models one may see, with what serves and what waits */
    get: operations['listModels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Where a model stands in each environment of its policy */
    get: operations['getModel'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Versions of a model, newest first unless sorted otherwise */
    get: operations['listVersions'];
    put?: never;
    /**
     * Register an immutable version
     * The same name with the same parts answers 200 and changes nothing; with other parts, 409. A `digest` that is sent along and is not that of the parts is refused with 400.
     */
    post: operations['registerVersion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    get: operations['getVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}/evaluations': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    /** Evaluations of a version, newest first */
    get: operations['listEvaluations'];
    put?: never;
    /** Report measurements of a version; re-evaluates its open promotions */
    post: operations['reportEvaluation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}/changes': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    /** What a version changes against another one */
    get: operations['getVersionChanges'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}/metric-history': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    /**
     * How metrics of a version went while it was trained, as its registry tells now
     * Read from the registry when asked for, and kept for half a minute. Of long histories the ends and the spikes stay. Answers 503 when the registry does not answer.
     */
    get: operations['getMetricHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}/traces': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    /**
     * How many traces a version left while it was used, as its registry counts now
     * Asked of the registry when somebody wants to know, and kept for half a minute. Answers 503 when the registry does not answer.
     */
    get: operations['countTraces'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/versions/{version}/verdict': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    /**
     * Whether a version may be put into an environment now
     * For CI pipelines and progressive-delivery controllers: one answer from the policy's gates, the approvals of a promotion, soak, freeze windows and the environment before. Asking changes nothing.
     */
    get: operations['getReleaseVerdict'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/card': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** The model card of a version, what is missing in it, and how fresh it is */
    get: operations['getModelCard'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/card/diff': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What the card of one version says otherwise than the card of another */
    get: operations['diffModelCards'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/card/export': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** The card as a file; the same card gives the same bytes */
    get: operations['exportModelCard'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/card/import': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Read a card from a file, and keep its text where the repository has none
     * The text of the file completes the generated card of the version. Numbers in it are shown and not kept: evidence comes from pipelines.
     */
    post: operations['importModelCard'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/samples': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Push how versions behaved while they served; rollouts are judged by it
     * For serving sides that no metrics source watches. A batch is taken once by its id, may come late and out of order, and is kept for some days.
     */
    post: operations['pushSamples'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/release-questions': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What Flagger, GitHub and GitLab asked about a model and were answered, newest first */
    get: operations['listReleaseQuestions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/runs': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Pipeline runs, newest first */
    get: operations['listPipelineRuns'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/runs/{runId}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        /** The CI system's own id of the run */
        runId: components['schemas']['ExternalId'];
      };
      cookie?: never;
    };
    get: operations['getPipelineRun'];
    /**
     * Report a run as it now stands; repeat it as often as it changes
     * A finished run cannot be changed any more (409), except by the very same report, which answers 200.
     */
    put: operations['reportPipelineRun'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/gates': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Verdicts of each gate for the newest versions, in one environment */
    get: operations['getGateMatrix'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/deployments': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Which version served where and when, newest first */
    get: operations['listDeployments'];
    put?: never;
    /**
     * Record a deployment that was made outside Slipway
     * For the history that a company brings along. It passes no gate and no approval, is shown as recorded for ever, and is refused (409) if it would overlap what is already recorded for the environment or change what Slipway itself deployed there. What is recorded after Slipway deployed to the environment proves nothing: it neither lets the version into the next one nor can be returned to. What was recorded before is returned to by somebody else than who recorded it.
     */
    post: operations['recordDeployment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/serving': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What served at a moment, approved by whom */
    get: operations['getServing'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/break-glass': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What an emergency promotion would go past, if it were asked for now */
    get: operations['previewBreakGlass'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/rollbacks': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Put an earlier version back into an environment, at once and without approval */
    post: operations['rollBack'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/incidents': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    get: operations['listIncidents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/incidents/{incidentId}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        incidentId: components['schemas']['ExternalId'];
      };
      cookie?: never;
    };
    get?: never;
    /** Report an incident as it now stands */
    put: operations['reportIncident'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The policies in force for each risk and size of team, strictest first */
    get: operations['listPolicies'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/gate-kinds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The kinds of gates that policies may refer to by name */
    get: operations['listGateKinds'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** When which policy came into force, newest first */
    get: operations['listPolicyHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies/compare': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What differs between two policies, and whether that is stricter */
    get: operations['comparePolicies'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies/try': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What a draft would have said of past promotions, newest first; nothing is put in force */
    post: operations['tryPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Check a policy file without putting it in force */
    post: operations['validatePolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Promotions, newest first */
    get: operations['listPromotions'];
    put?: never;
    /** Ask to put a version into an environment */
    post: operations['requestPromotion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    get: operations['getPromotion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/transitions': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Pause, resume, abort, roll back, cancel, retry or re-evaluate a promotion */
    post: operations['transitionPromotion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Approve or reject, in one role, exactly what one has seen */
    post: operations['decide'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/review': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Review an emergency promotion, once, in the role that its policy names */
    post: operations['reviewBreakGlass'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/gates': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    /** The latest verdict of each gate, with its inputs */
    get: operations['listPromotionGates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    /** Its audit entries, oldest first */
    get: operations['listPromotionTimeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/promotions/{id}/series': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    /** Candidate and control over the rollout, in at most 240 buckets */
    get: operations['getPromotionSeries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The caller's inbox */
    get: operations['listApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/waivers': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** The waivers that were asked for a model, newest first */
    get: operations['listWaivers'];
    put?: never;
    /** Ask that a gate which keeps a version out of an environment be waived */
    post: operations['askForWaiver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/revocations': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** Evaluations of a model that were found wrong, newest first */
    get: operations['listRevocations'];
    put?: never;
    /**
     * Withdraw an evaluation that was found wrong
     * By a person, once and for good. It counts as no fact any more; promotions before traffic go back to their gates, rollouts pause, and deployments that rest on it are marked. Whoever owns, asked for or approved them is told.
     */
    post: operations['revokeEvidence'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/revocations/preview': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What rests on an evaluation now, before it is revoked */
    get: operations['previewRevocation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/revocations/{revocationId}/acknowledgements': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        revocationId: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a deployment serve on although evidence that it rests on was revoked
     * By a person who may revoke evidence. Write-once; the deployment is not marked any more.
     */
    post: operations['acknowledgeRevocation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/outside-changes': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    /** What was changed without Slipway at a model's targets and in its registry, newest first */
    get: operations['listOutsideChanges'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/outside-changes/{changeId}/revert': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        changeId: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Set the target or the alias back to what the history says */
    post: operations['revertOutsideChange'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/models/{namespace}/{name}/outside-changes/{changeId}/adopt': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        changeId: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask for a promotion of the version that was found
     * With the gates, approvals and rollout of any other. The change is closed when that succeeds.
     */
    post: operations['adoptOutsideChange'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/delegations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Roles that the caller handed on or was handed on, the one that ends last first */
    get: operations['listDelegations'];
    put?: never;
    /**
     * Hand on a role of approvers to somebody who stands in until a moment
     * Only a role that one holds oneself, for as long as a policy allows. It never reaches further than what is held: it counts only while the one who gave it holds the role, and neither where that one is barred nor where that one has decided already.
     */
    post: operations['handOnRole'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/delegations/{id}/end': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take a role back, or give it back, before its time is over */
    post: operations['endDelegation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/waivers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Waivers that wait for the caller's decision, longest first */
    get: operations['listWaiversToDecide'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/waivers/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    /** One waiver, and what the caller may do with it */
    get: operations['getWaiver'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/waivers/{id}/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Grant or refuse a waiver
     * By a person in one of the roles that the policy names, who is not barred. Binds to the subject digest; 409 when that is not what it is any more.
     */
    post: operations['decideOnWaiver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/waivers/{id}/end': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take back a waiver before it expires
     * By whoever asked for it, or a person in one of the roles that may grant it.
     */
    post: operations['endWaiver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/bundles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Bundles of versions that the caller may see all of, newest first */
    get: operations['listBundles'];
    put?: never;
    /**
     * Say that versions of several models go together
     * A bundle is immutable. Its digest is the SHA-256 of the RFC 8785 form of its members; the same members are the same bundle, whatever it is called.
     */
    post: operations['registerBundle'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/bundles/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One bundle, and where it serves */
    get: operations['getBundle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/bundle-promotions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Promotions of bundles, newest first */
    get: operations['listBundlePromotions'];
    put?: never;
    /**
     * Ask for all members of a bundle to be put into an environment together
     * Makes one promotion of each member that does not serve there yet. They are approved once, their traffic moves in step, and all of them serve in the end or none. A decision on or a transition of one is one of all.
     */
    post: operations['requestBundlePromotion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/bundle-promotions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One promotion of a bundle, with its members */
    get: operations['getBundlePromotion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/bundle-promotions/{id}/rollbacks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put back what served before a bundle, all members at once and without approval
     * While it rolls out it is aborted, which puts the traffic back; once it serves a rollback of each member begins.
     */
    post: operations['rollBackBundle'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/openlineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take in an OpenLineage event of a run, job or data set; in any order, and once by its content
     * The event as OpenLineage's clients send it, checked against the schemas that OpenLineage publishes (2-0-2). Models are data sets of the type `MODEL`; the namespace `backstage` names entities.
     */
    post: operations['reportOpenLineageEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a node was made of, and what was made of it */
    get: operations['getLineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/columns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Which columns a data set was made of */
    get: operations['getColumnLineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/impact': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What is affected if a data set is faulty */
    get: operations['getLineageImpact'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/faults': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say that a data set is faulty; tells the owners of what was made of it, each once, and revokes evaluations where the policies of the models say so */
    post: operations['raiseDataFault'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/faults/{faultId}/withdrawal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take back that a data set is faulty; what was revoked stays so, what is reported afterwards counts. The same person with the same reason may say it again */
    post: operations['withdrawDataFault'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Delivery metrics of a period, with their weekly course */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same metrics, by team, model, risk or kind of change */
    get: operations['getMetricsGroups'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The very events behind one number, newest first */
    get: operations['listMetricsEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Entries of the append-only log, newest first */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/registries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The model registries read from, and how fresh what was read is */
    get: operations['listRegistries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/registries/{type}/{id}/refreshes': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        type: string;
        id: string;
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Have a registry read at once, even after failures */
    post: operations['refreshRegistry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/model-sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where the catalog's models are found, how fresh that is, and what somebody wrote otherwise */
    get: operations['listModelSources'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/model-sources/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['SourceId'];
      };
      cookie?: never;
    };
    get?: never;
    /** Report how the last reading of a source went, as the program that reads it */
    put: operations['reportModelSource'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/search-documents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a search engine indexes of the models one may see */
    get: operations['listSearchDocuments'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
/** @public */
export interface components {
  schemas: {
    Error: {
      error: {
        name: string;
        message: string;
        errors?: components['schemas']['FieldError'][];
        /** With 409, the state that won */
        current?: {
          [key: string]: unknown;
        };
      };
      request?: {
        [key: string]: unknown;
      };
      response: {
        statusCode: number;
      };
    };
    FieldError: {
      /** Where, such as `spec.gates[2].when` */
      path: string;
      message: string;
    };
    /** Example: `model:default/credit-default` */
    EntityRef: string;
    /**
     * Entity reference of a user, or `service:NAME`
     * Example: `user:default/s.iyer`
     * Example: `service:pipeline`
     */
    Principal: string;
    Digest: string;
    /** Format: date-time */
    Timestamp: string;
    VersionName: string;
    EnvironmentName: string;
    EnvironmentTier: 'development' | 'testing' | 'staging' | 'production';
    ExternalId: string;
    PromotionId: string;
    MetricName: string;
    Risk: 'low' | 'medium' | 'high';
    TeamSize: 'small' | 'medium' | 'large';
    Tier: 'streamlined' | 'standard' | 'comprehensive';
    Lifecycle: 'experimental' | 'production' | 'deprecated';
    HealthState:
      | 'ok'
      | 'errors'
      | 'latency'
      | 'scores'
      | 'incident'
      | 'evidence'
      | 'outside'
      | 'no-data';
    WaitingKind:
      | 'approval'
      | 'gate-failing'
      | 'judgement'
      | 'paused'
      | 'error'
      | 'nothing';
    ChangeKind: 'code' | 'data' | 'configuration' | 'base-model';
    PromotionState:
      | 'requested'
      | 'evaluating'
      | 'blocked'
      | 'awaiting-approval'
      | 'rejected'
      | 'expired'
      | 'scheduled'
      | 'rolling-out'
      | 'paused'
      | 'rolling-back'
      | 'rolled-back'
      | 'succeeded'
      | 'cancelled'
      | 'errored';
    Verdict:
      | 'passed'
      | 'failed'
      | 'no-evidence'
      | 'error'
      | 'waived'
      | 'warned';
    Stage:
      | 'code-validation'
      | 'data-validation'
      | 'training'
      | 'evaluation'
      | 'registration'
      | 'staging-validation'
      | 'production-deployment';
    FactName:
      | 'candidate'
      | 'production'
      | 'training'
      | 'data'
      | 'tests'
      | 'card'
      | 'scan'
      | 'serving'
      | 'cost'
      | 'drift';
    ReportableFact:
      | 'candidate'
      | 'training'
      | 'data'
      | 'tests'
      | 'card'
      | 'scan'
      | 'serving'
      | 'cost'
      | 'drift';
    Interval: {
      low: number;
      high: number;
      /** Confidence level, such as 0.95 */
      level: number;
    };
    Page: {
      /** Absent on the last page */
      nextCursor?: string;
    };
    /**
     * `unmeasured` where nobody reported the age of the card; `fresh` too where the policy does not ask for it
     */
    CardState: 'unmeasured' | 'fresh' | 'stale';
    ModelSummary: {
      ref: components['schemas']['EntityRef'];
      namespace: string;
      name: string;
      title: string;
      task: string | null;
      owner: components['schemas']['EntityRef'];
      system: string | null;
      lifecycle: components['schemas']['Lifecycle'];
      risk: components['schemas']['Risk'];
      teamSize: components['schemas']['TeamSize'];
      tier: components['schemas']['Tier'];
      /** By the annotation `slipway.dev/framework`, in lower case, such as `pytorch` */
      framework: string | null;
      /** Environments in which any version serves now, by name */
      servingIn: components['schemas']['EnvironmentName'][];
      /** Whether it is sample data, by the label `slipway.dev/sample` */
      sample: boolean;
      /** Fields of its entity that nobody has stated yet, by the annotation `slipway.dev/to-be-completed`; absent when it is complete. It counts as high risk as long as `risk` is among them */
      toBeCompleted?: string[];
      /** What serves in production */
      production: null | {
        version: string;
        since: components['schemas']['Timestamp'];
      };
      /** What is rolling out to production now */
      rollout: null | {
        promotionId: string;
        version: string;
        share: number;
      };
      health: {
        state: components['schemas']['HealthState'];
        detail: string | null;
      };
      /** The card of what serves in production, or else of the latest version */
      card: {
        state: components['schemas']['CardState'];
        /** Format: date-time */
        writtenAt: string | null;
      };
      waiting: {
        kind: components['schemas']['WaitingKind'];
        detail: string | null;
        promotionId: string | null;
        /** Format: date-time */
        since: string | null;
      };
      latestVersion: string | null;
      versionCount: number;
      /**
       * Format: date-time
       * Start of the last production deployment
       */
      lastDeployedAt: string | null;
      /** Production deployments of the last 90 days, oldest first, at most 60 */
      recentDeployments: {
        at: components['schemas']['Timestamp'];
        rolledBack: boolean;
      }[];
      /** An emergency promotion that waits for its review, the first to be due; absent when there is none */
      reviewDue?: {
        promotionId: components['schemas']['PromotionId'];
        reviewBy: components['schemas']['Timestamp'];
        overdue: boolean;
      };
    };
    ModelPage: {
      items: components['schemas']['ModelSummary'][];
      /** How many models fit the filter */
      totalItems: number;
      nextCursor?: string;
      /** Over all models one may see, whatever the filter */
      summary: {
        models: number;
        inProduction: number;
        rollingOut: number;
        waitingForApproval: number;
        /**
         * Format: date-time
         * Oldest last success among the registries
         */
        registryReadAt: string | null;
        /** Whether that is older than three intervals, or one was never read */
        registryStale: boolean;
      };
      facets?: {
        name:
          | 'waiting'
          | 'risk'
          | 'tier'
          | 'health'
          | 'owner'
          | 'system'
          | 'lifecycle'
          | 'serving'
          | 'task'
          | 'framework'
          | 'card'
          | 'toBeCompleted';
        /** How many further values there are; absent when all are here */
        more?: number;
        /** Each under all other filters, the most frequent first: 200 at most, and those that are asked for */
        values: {
          value: string;
          count: number;
        }[];
      }[];
    };
    EnvironmentStatus: {
      name: components['schemas']['EnvironmentName'];
      tier: components['schemas']['EnvironmentTier'];
      /** Deployments that take traffic now, largest share first */
      serving: components['schemas']['Deployment'][];
      openPromotion: null | components['schemas']['PromotionSummary'];
      /** The version a rollback would restore */
      rollbackTarget: null | {
        version: string;
        /** Whether its server runs and answers */
        ready: boolean;
      };
      /** The verified versions that could return, the one a rollback would restore first */
      rollbackTargets: {
        version: string;
        /** Whether its server runs and answers; otherwise it is started first */
        ready: boolean;
        /**
         * Format: date-time
         * When its last traffic ended; null while it takes some
         */
        servedUntil: string | null;
      }[];
      /** Where predictions are asked for */
      endpoint: string | null;
    };
    ModelDetail: {
      ref: components['schemas']['EntityRef'];
      namespace: string;
      name: string;
      title: string;
      task: string | null;
      owner: components['schemas']['EntityRef'];
      system: string | null;
      lifecycle: components['schemas']['Lifecycle'];
      risk: components['schemas']['Risk'];
      teamSize: components['schemas']['TeamSize'];
      tier: components['schemas']['Tier'];
      /** By the annotation `slipway.dev/framework`, in lower case, such as `pytorch` */
      framework: string | null;
      /** Environments in which any version serves now, by name */
      servingIn: components['schemas']['EnvironmentName'][];
      /** Whether it is sample data, by the label `slipway.dev/sample` */
      sample: boolean;
      /** Fields of its entity that nobody has stated yet, by the annotation `slipway.dev/to-be-completed`; absent when it is complete. It counts as high risk as long as `risk` is among them */
      toBeCompleted?: string[];
      /** What serves in production */
      production: null | {
        version: string;
        since: components['schemas']['Timestamp'];
      };
      /** What is rolling out to production now */
      rollout: null | {
        promotionId: string;
        version: string;
        share: number;
      };
      health: {
        state: components['schemas']['HealthState'];
        detail: string | null;
      };
      /** The card of what serves in production, or else of the latest version */
      card: {
        state: components['schemas']['CardState'];
        /** Format: date-time */
        writtenAt: string | null;
      };
      waiting: {
        kind: components['schemas']['WaitingKind'];
        detail: string | null;
        promotionId: string | null;
        /** Format: date-time */
        since: string | null;
      };
      latestVersion: string | null;
      versionCount: number;
      /**
       * Format: date-time
       * Start of the last production deployment
       */
      lastDeployedAt: string | null;
      /** Production deployments of the last 90 days, oldest first, at most 60 */
      recentDeployments: {
        at: components['schemas']['Timestamp'];
        rolledBack: boolean;
      }[];
      /** An emergency promotion that waits for its review, the first to be due; absent when there is none */
      reviewDue?: {
        promotionId: components['schemas']['PromotionId'];
        reviewBy: components['schemas']['Timestamp'];
        overdue: boolean;
      };
      /** In the policy's order */
      environments: components['schemas']['EnvironmentStatus'][];
      policy: components['schemas']['PolicyRef'];
      openPromotions: components['schemas']['PromotionSummary'][];
      /** Those that are open */
      outsideChanges: components['schemas']['OutsideChange'][];
      registry: null | components['schemas']['RegistryStatus'];
      /** What the registry has of the model, only while no version of it is registered here */
      unregistered?: {
        versions: number;
        /** The one that changed last */
        newest: string;
        /** Tags that the newest lacks to be registered from the registry */
        missing: string[];
        /**
         * Format: date-time
         * When it is registered from there unless its pipeline does before
         */
        dueAt: string | null;
      };
      /** What the caller may do with this model */
      viewer: {
        mayRequestPromotion: boolean;
        mayRollBack: boolean;
        mayRevokeEvidence: boolean;
        /** Of what serves on revoked evidence, the deployments that the caller may not let serve on although they may revoke evidence, and why */
        barredFromServingOn: {
          deployment: string;
          /** Example: `You trained it` */
          because: string;
        }[];
        /** Environments into which the caller may put a version as an emergency */
        mayBreakGlassIn: components['schemas']['EnvironmentName'][];
      };
    };
    Commit: {
      sha: string;
      /** E-mail address, or entity reference of a user */
      author: string;
      authoredAt: components['schemas']['Timestamp'];
      message?: string;
    };
    DataVersion: {
      /** Name or entity reference of the data set */
      name: string;
      version: string;
      digest?: string;
      rows?: number;
      availableAt?: components['schemas']['Timestamp'];
    };
    ConfigurationVersion: {
      name: string;
      digest: string;
    };
    /** What a version is made of; its digest is the SHA-256 of the RFC 8785 form of this object */
    VersionParts: {
      code: {
        repository?: string;
        commit: string;
      };
      data: components['schemas']['DataVersion'][];
      artifact: {
        digest: components['schemas']['Digest'];
        /** Where the deployer finds it, such as `models:/credit-default/2` */
        uri?: string;
      };
      configuration: components['schemas']['ConfigurationVersion'][];
      /** Base or foundation model with its version */
      baseModel?: string;
      parameters: {
        [key: string]: string;
      };
      trainedBy: components['schemas']['Principal'];
    };
    VersionRegistration: {
      version: components['schemas']['VersionName'];
      parts: components['schemas']['VersionParts'];
      digest?: components['schemas']['Digest'];
      createdAt?: components['schemas']['Timestamp'];
      /** Commits since the version before it, newest first */
      commits?: components['schemas']['Commit'][];
      run?: components['schemas']['ExternalId'];
      registryUri?: string;
      /** Texts of parts of the configuration, such as prompts, so that versions can be compared line by line; the digest of the part is `sha256:` and the SHA-256 of the text in UTF-8. They may be reported later, with the same parts */
      configurationTexts?: {
        name: string;
        text: string;
      }[];
      changeKinds?: components['schemas']['ChangeKind'][];
    };
    Version: {
      model: components['schemas']['EntityRef'];
      version: components['schemas']['VersionName'];
      digest: components['schemas']['Digest'];
      parts: components['schemas']['VersionParts'];
      createdAt: components['schemas']['Timestamp'];
      registeredAt: components['schemas']['Timestamp'];
      registeredBy: components['schemas']['Principal'];
      /** Who trained it: an entity reference, where the catalog knew the name in `parts` when the version was registered */
      trainedBy: components['schemas']['Principal'];
      commits: components['schemas']['Commit'][];
      changeKinds: components['schemas']['ChangeKind'][];
      run: null | {
        id: string;
        url: string | null;
      };
      /** What the model registry says of this version */
      registry: null | {
        /** Which connection */
        id: string;
        uri: string;
        url?: string;
        runId: string | null;
        aliases: string[];
        tags: {
          [key: string]: string;
        };
        parameters?: {
          [key: string]: string;
        };
        metrics?: {
          [key: string]: number;
        };
        loggedModel?: components['schemas']['LoggedModel'];
        readAt: components['schemas']['Timestamp'];
        /** When the registry was found not to have it any more */
        goneAt?: components['schemas']['Timestamp'];
      };
      /** Latest measurements of the candidate, whole population */
      metrics: components['schemas']['Measurement'][];
      trainingMetrics: components['schemas']['Measurement'][];
      /** Where it serves now */
      environments: {
        name: components['schemas']['EnvironmentName'];
        share: number;
        since: components['schemas']['Timestamp'];
      }[];
    };
    /** What a version was made from, where its registry keeps that as something of its own, as MLflow 3 does */
    LoggedModel: {
      id: string;
      url?: string;
      /**
       * Whether it was read; `missing` when it is not there any more
       */
      state: 'read' | 'missing' | 'failed';
      /** Why it could not be read */
      problem?: string;
    };
    TraceCount: {
      /**
       * Whether the registry was asked; `not-kept` when it cannot count them
       */
      state: 'read' | 'not-in-registry' | 'not-kept';
      count: number | null;
      /** Page of them in the registry */
      url?: string;
    };
    MetricHistories: {
      /**
       * Whether the registry was asked; `not-kept` when it keeps only last values
       */
      state: 'read' | 'not-in-registry' | 'not-kept';
      /** One for each metric when the registry was asked */
      items: components['schemas']['MetricHistory'][];
    };
    MetricHistory: {
      metric: string;
      /** By step, then time; empty when nothing was logged by that name */
      points: {
        step: number;
        at: components['schemas']['Timestamp'];
        /** Null where what was logged is not finite */
        value: number | null;
      }[];
      /** Whether values were left out */
      sampled: boolean;
    };
    VersionPage: {
      items: components['schemas']['Version'][];
      nextCursor?: string;
    };
    SearchDocumentPage: {
      items: components['schemas']['SearchDocument'][];
      nextCursor?: string;
      /** Stays the same as long as nothing changed that the documents tell of: an index of that state is not to be built anew */
      state: string;
    };
    SearchDocument: {
      model: components['schemas']['EntityRef'];
      namespace: string;
      /** Of the model */
      name: string;
      /** Name of the version, where it is about one */
      version?: string;
      digest?: components['schemas']['Digest'];
      owner: components['schemas']['EntityRef'];
      lifecycle: string;
      risk: components['schemas']['Risk'];
      title: string;
      /** Plain text, of at most 20,000 characters; of a card, a line for each section */
      text: string;
    };
    Measurement: {
      name: components['schemas']['MetricName'];
      value: number;
      slice?: {
        attribute: string;
        value: string;
      };
      interval?: components['schemas']['Interval'];
      sampleSize?: number;
      unit?: string;
      higherIsBetter?: boolean;
    };
    CardFormat: 'cyclonedx' | 'huggingface' | 'pdf';
    /**
     * Where it is known from: the catalog, the registered version, evaluations, approvals and deployments, the team's text in its repository, or a file that was imported
     */
    CardSource:
      | 'catalog'
      | 'version'
      | 'evaluations'
      | 'delivery'
      | 'text'
      | 'import';
    CardFact: {
      /** Example: `Owner` */
      label: string;
      text: string;
      /** The entity that it names */
      ref?: string;
      source: components['schemas']['CardSource'];
    };
    CardMeasurement: {
      /** Example: `candidate` */
      fact: string;
      name: string;
      value: number;
      slice?: {
        attribute: string;
        value: string;
      };
      interval?: components['schemas']['Interval'];
      sampleSize?: number;
      unit?: string;
      higherIsBetter?: boolean;
      dataset?: string;
      /** Format: date-time */
      measuredAt?: string;
      evaluation?: string;
    };
    CardText: {
      markdown: string;
      source: components['schemas']['CardSource'];
    };
    CardSection: {
      /** Such as `limitations`; `further-1` and so on for headings of the team that no section knows */
      id: string;
      title: string;
      facts: components['schemas']['CardFact'][];
      measurements: components['schemas']['CardMeasurement'][];
      texts: components['schemas']['CardText'][];
    };
    /** The card itself, which the exported files hold */
    ModelCard: {
      /** Entity ref */
      model: string;
      title: string;
      version: string | null;
      digest: string | null;
      /**
       * Format: date-time
       * When the last of what it rests on happened
       */
      asOf: string | null;
      sections: components['schemas']['CardSection'][];
    };
    ModelCardView: {
      card: components['schemas']['ModelCard'];
      missing: {
        section: string;
        /** Example: `Limitations` */
        what: string;
        /** Where to write it */
        how: string;
      }[];
      /** Share of what a card should say that this one says, 0 to 1 */
      completeness: number;
      freshness: components['schemas']['CardFreshness'];
      text: components['schemas']['CardTextStatus'];
      viewer: {
        mayImport: boolean;
      };
    };
    /** The age of the card as the gates read it */
    CardFreshness: {
      /** The fact `card.metrics.age_days`; null when nobody reported it */
      ageDays: number | null;
      /** Format: date-time */
      measuredAt: string | null;
      evaluation: string | null;
      policy: null | {
        name: string;
        environment: string;
        gate: string;
        maxDays: number | null;
        verdict: components['schemas']['Verdict'];
        explanation: string;
      };
    };
    /** What became of reading the team's own text */
    CardTextStatus: {
      /**
       * `refused` is too large, malformed or outside the model's repository; `failed` could not be read just now
       */
      state: 'found' | 'none' | 'refused' | 'failed' | 'imported';
      location: string | null;
      editUrl: string | null;
      /** Format: date-time */
      readAt: string | null;
      message: string | null;
      importedBy: string | null;
    };
    ModelCardDiff: {
      from: components['schemas']['VersionName'];
      to: components['schemas']['VersionName'];
      sections: {
        id: string;
        title: string;
        change: 'same' | 'changed' | 'added' | 'removed';
        /** Those that differ */
        facts: {
          label: string;
          before: string[];
          after: string[];
        }[];
        /** Those that differ */
        measurements: {
          before: null | components['schemas']['CardMeasurement'];
          after: null | components['schemas']['CardMeasurement'];
        }[];
        /** Runs of lines; empty where the text is the same */
        text: components['schemas']['TextRun'][];
      }[];
    };
    TextRun: {
      change: 'same' | 'added' | 'removed';
      lines: string;
    };
    CardImportRequest: {
      format: components['schemas']['CardFormat'];
      /** The file: text of CycloneDX and Hugging Face cards, Base64 of a PDF */
      content: string;
      /** Whose card it completes; as for reading a card */
      version?: components['schemas']['VersionName'];
      /** Say what the file holds, and keep nothing */
      dryRun?: boolean;
    };
    CardImport: {
      /** The card that the file holds */
      card: components['schemas']['ModelCard'];
      /** Whether the file is as Slipway exported it */
      exact: boolean;
      kept: boolean;
      /** Whose card it completes; null when nothing was kept */
      version: string | null;
      /** What was not taken over and why */
      notes: string[];
    };
    EvaluationReport: {
      id: components['schemas']['ExternalId'];
      fact: components['schemas']['ReportableFact'];
      stage?: components['schemas']['Stage'];
      measuredAt: components['schemas']['Timestamp'];
      dataset?: {
        name: string;
        version?: string;
        digest?: string;
      };
      run?: components['schemas']['ExternalId'];
      /** Tool that measured, such as `mlflow` or `pytest` */
      source?: string;
      metrics: components['schemas']['Measurement'][];
      confusionMatrix?: components['schemas']['ConfusionMatrix'];
    };
    /** How many cases of each label were taken for which */
    ConfusionMatrix: {
      labels: components['schemas']['SourceId'][];
      /** A row for each actual label, in it a count for each predicted one, both in the order of the labels */
      counts: number[][];
    };
    Evaluation: {
      id: string;
      model: components['schemas']['EntityRef'];
      version: string;
      fact: components['schemas']['ReportableFact'];
      stage: null | components['schemas']['Stage'];
      measuredAt: components['schemas']['Timestamp'];
      receivedAt: components['schemas']['Timestamp'];
      reportedBy: components['schemas']['Principal'];
      dataset: null | {
        name: string;
        version?: string;
        digest?: string;
      };
      run: string | null;
      source: string | null;
      digest: components['schemas']['Digest'];
      metrics: components['schemas']['Measurement'][];
      confusionMatrix?: components['schemas']['ConfusionMatrix'];
      revoked?: components['schemas']['RevocationMark'];
    };
    EvaluationPage: {
      items: components['schemas']['Evaluation'][];
      nextCursor?: string;
    };
    VersionChanges: {
      version: string;
      /** Null when nothing serves in production yet */
      against: string | null;
      metrics: {
        name: string;
        unit?: string;
        higherIsBetter?: boolean;
        from: null | components['schemas']['Measurement'];
        to: null | components['schemas']['Measurement'];
        difference: number | null;
        /**
         * `no-difference` when the intervals overlap
         */
        reading: 'better' | 'worse' | 'no-difference' | 'not-comparable';
      }[];
      data: components['schemas']['PartChange'][];
      code: {
        from: string | null;
        to: string;
        commits: components['schemas']['Commit'][];
      };
      configuration: components['schemas']['PartChange'][];
      parameters: components['schemas']['PartChange'][];
    };
    PartChange: {
      name: string;
      from: string | null;
      to: string | null;
      change: 'added' | 'removed' | 'changed' | 'same';
      /** Runs of lines of a text that differs, where it was reported */
      text?: components['schemas']['TextRun'][];
    };
    StageRun: {
      stage: components['schemas']['Stage'];
      outcome:
        | 'running'
        | 'success'
        | 'failure'
        | 'error'
        | 'cancelled'
        | 'skipped';
      startedAt?: components['schemas']['Timestamp'];
      finishedAt?: components['schemas']['Timestamp'];
      message?: string;
      /** Format: uri */
      url?: string;
    };
    PipelineRunReport: {
      trigger: 'code' | 'data' | 'schedule' | 'drift' | 'manual';
      /**
       * `failure` is a refusal by quality, `error` an infrastructure or flaky failure
       */
      outcome: 'running' | 'success' | 'failure' | 'error' | 'cancelled';
      startedAt: components['schemas']['Timestamp'];
      finishedAt?: components['schemas']['Timestamp'];
      commit?: string;
      /** Format: uri */
      url?: string;
      version?: components['schemas']['VersionName'];
      stages?: components['schemas']['StageRun'][];
    };
    PipelineRun: {
      trigger: 'code' | 'data' | 'schedule' | 'drift' | 'manual';
      /**
       * `failure` is a refusal by quality, `error` an infrastructure or flaky failure
       */
      outcome: 'running' | 'success' | 'failure' | 'error' | 'cancelled';
      startedAt: components['schemas']['Timestamp'];
      finishedAt?: components['schemas']['Timestamp'];
      commit?: string;
      /** Format: uri */
      url?: string;
      version?: components['schemas']['VersionName'];
      stages: components['schemas']['StageRun'][];
      id: string;
      model: components['schemas']['EntityRef'];
      reportedBy: components['schemas']['Principal'];
    };
    PipelineRunPage: {
      items: components['schemas']['PipelineRun'][];
      nextCursor?: string;
    };
    PolicyRef: {
      name: string;
      digest: components['schemas']['Digest'];
    };
    ApprovalSlot: {
      role: string;
      title: string;
      group: components['schemas']['EntityRef'];
      minimum: number;
      reasonRequired: boolean;
    };
    RolloutPlan: {
      strategy: 'direct' | 'canary' | 'blue-green';
      /** Percentage of the traffic that the version was found to have already, which the promotion adopts and does not take away; absent for all others */
      adoptedShare?: number;
      /** Before any traffic moves, requests are mirrored to the candidate and its answers compared, none returned */
      shadow?: {
        /** Percentage of the requests that is mirrored */
        share: number;
        windowSeconds: number;
        minimumSamples: number;
        /** Largest share of answers that may differ from those that were returned */
        maxDisagreement: number;
        /** How far two numbers may lie apart and still agree: `tolerance · max(1, |a|, |b|)`; 0 when absent */
        tolerance?: number;
      };
      /** How long the version before stays ready after full traffic; as long as the deployer likes when absent */
      keepPreviousSeconds?: number;
      /** How long the measures are watched after full traffic; not at all when absent */
      watchSeconds?: number;
      /** One step of 100 for direct and blue-green; blue-green is judged in it after the switch, against what the version before did until then */
      steps: {
        share: number;
        windowSeconds: number;
        /** Requests that the candidate must have answered */
        minimumSamples: number;
      }[];
      metrics: {
        name:
          | 'error-rate'
          | 'latency'
          | 'score-shift'
          | 'score-ks'
          | 'score-psi';
        title: string;
        kind: components['schemas']['AnalysisKind'];
        unit: string;
        /** How much worse the candidate may be: share (0 to 1) for proportions, milliseconds for latency. How far scores may differ either way: share of the interquartile range of the control for shift, distance (0 to 1), index for stability */
        margin: number;
      }[];
    };
    PolicyRole: {
      role: string;
      title: string;
      group: components['schemas']['EntityRef'];
    };
    /** A stretch of time in which nothing is put into an environment; from `from` to just before `to` on the clocks of `timeZone` */
    FreezeWindow: {
      name: string;
      /**
       * IANA name
       * Example: `Europe/Zurich`
       */
      timeZone: string;
      /**
       * `weekly` comes back each week, `dates` once
       */
      kind: 'weekly' | 'dates';
      /**
       * Weekday and time for `weekly`, date and time for `dates`
       * Example: `fri 17:00`
       * Example: `2026-12-20T00:00`
       */
      from: string;
      /**
       * Example: `mon 08:00`
       * Example: `2027-01-04T00:00`
       */
      to: string;
    };
    PolicyEnvironment: {
      name: components['schemas']['EnvironmentName'];
      tier: components['schemas']['EnvironmentTier'];
      gates: string[];
      slots: components['schemas']['ApprovalSlot'][];
      /** Asked instead of `slots` while nothing serves there */
      firstDeploymentSlots: components['schemas']['ApprovalSlot'][];
      rollout: components['schemas']['RolloutPlan'];
      /** How long a version has to have served in the environment before */
      soakSeconds: number;
      freezeWindows: components['schemas']['FreezeWindow'][];
      waivers: components['schemas']['WaiverRule'];
      /** Who may have a rollout leave the rest of a step out, but for its last; nobody when it is left out */
      skipSteps?: {
        roles: components['schemas']['PolicyRole'][];
      };
      /** Who may skip gates and approvals in an emergency, and who has to review it until when; nobody when null */
      breakGlass: null | {
        role: components['schemas']['PolicyRole'];
        reviewRole: components['schemas']['PolicyRole'];
        reviewWithinSeconds: number;
      };
      /** When those who are asked to approve are reminded, and who is told when they still do not answer; never when null */
      reminders: null | {
        everySeconds: number;
        escalateAfterSeconds: number | null;
        escalateTo: null | components['schemas']['PolicyRole'];
      };
      /** Whether holders of a role may hand it to somebody for a time, and for how long at most; not when null */
      delegation: null | {
        longestSeconds: number;
      };
      expiresAfterSeconds: number;
    };
    GateDefinition: {
      id: string;
      title: string;
      description: string | null;
      stage: components['schemas']['Stage'];
      requires: string[];
      /** CEL, or the kind with its parameters where code judges */
      when: string;
      maxAgeSeconds: number | null;
      /** Otherwise it only warns when it does not hold; without evidence it blocks all the same */
      blocking: boolean;
      /** What judges it, where that is code and no condition */
      kind?: {
        id: string;
        parameters: {
          [key: string]: number | string | boolean;
        };
      };
    };
    GateKind: {
      /** What a gate of a policy says as `use` */
      id: string;
      /** True when such a gate passes; `{name}` is a parameter */
      title: string;
      description: string | null;
      stage: components['schemas']['Stage'];
      /**
       * Whether it comes with the engine or a module added it
       */
      origin: 'built-in' | 'module';
      /** CEL with its parameters as `{name}`; null where code judges */
      condition: string | null;
      /** Oldest evidence that it accepts, unless a gate says another age */
      maxAgeSeconds: number | null;
      /** What a gate of a policy may say as `with` */
      parameters: {
        name: string;
        type: 'number' | 'integer' | 'string' | 'boolean';
        description: string;
        /** Null where it has to be given */
        default: null | number | string | boolean;
        /**
         * Example: `share`
         * Example: `ms`
         */
        unit: string | null;
      }[];
      /** What it requires; without one of them it is `no-evidence` */
      facts: {
        /** Example: `candidate.metrics.f1` */
        fact: string;
        /** What a pipeline has to measure */
        evidence: string | null;
      }[];
    };
    Policy: {
      name: string;
      title: string;
      risk: components['schemas']['Risk'];
      faultyData: components['schemas']['FaultyDataRule'];
      tier: components['schemas']['Tier'];
      /** The size of teams that it is written for; null for those that have no policy of their own */
      teamSize: null | components['schemas']['TeamSize'];
      digest: components['schemas']['Digest'];
      loadedAt: components['schemas']['Timestamp'];
      /** File that it was last read from */
      source: string | null;
      /** Name of the policy that its file builds on */
      extends: string | null;
      /** Sizes of teams for which it is in force now */
      teamSizes: components['schemas']['TeamSize'][];
      roles: {
        role: string;
        title: string;
        group: components['schemas']['EntityRef'];
        /** Groups whose approval counts for at least as much */
        outrankedBy: components['schemas']['EntityRef'][];
      }[];
      gates: components['schemas']['GateDefinition'][];
      environments: components['schemas']['PolicyEnvironment'][];
    };
    PolicyProblem: {
      /** Empty when it is about the whole set */
      file: string;
      path: string;
      message: string;
    };
    PolicyStatus: {
      /** Folder or address that policies are read from */
      source: string;
      checkedAt: components['schemas']['Timestamp'];
      loadedAt: components['schemas']['Timestamp'];
      /** Why what is there now is not in force; the last good policies stay. Empty when it is */
      problems: components['schemas']['PolicyProblem'][];
    };
    PolicyHistoryEntry: {
      id: string;
      at: components['schemas']['Timestamp'];
      risk: components['schemas']['Risk'];
      teamSize: components['schemas']['TeamSize'];
      name: string;
      title: string;
      digest: components['schemas']['Digest'];
      source: string;
      replacedDigest: null | components['schemas']['Digest'];
    };
    /** One difference between two policies */
    PolicyChange: {
      /** Null for what is about the whole policy */
      environment: string | null;
      /**
       * Example: `The fairness gap is below 5 %`
       * Example: `Soak`
       */
      subject: string;
      before: string | null;
      after: string | null;
      /**
       * `changed` when it is neither for sure
       */
      effect: 'tightened' | 'loosened' | 'changed';
    };
    /** A promotion for which a draft would have come to another verdict */
    PolicyTrialChange: {
      promotionId: string;
      model: components['schemas']['EntityRef'];
      version: string;
      environment: components['schemas']['EnvironmentName'];
      requestedAt: components['schemas']['Timestamp'];
      state: components['schemas']['PromotionState'];
      /**
       * What the gates said together when they were last evaluated
       */
      before: 'let-through' | 'blocked';
      /**
       * What the draft says of the same facts at the same moment
       */
      after: 'let-through' | 'blocked' | 'no-such-environment';
      /** The gates whose verdicts differ */
      gates: {
        gate: string;
        title: string;
        before: null | components['schemas']['Verdict'];
        after: null | components['schemas']['Verdict'];
        explanation: string | null;
      }[];
    };
    PolicyTrial: {
      /** What is wrong with the draft; it is tried all the same where it can be read */
      errors: components['schemas']['FieldError'][];
      /** Promotions that were looked at for this page */
      examined: number;
      items: components['schemas']['PolicyTrialChange'][];
      nextCursor?: string;
    };
    GateVerdict: {
      gate: string;
      title: string;
      stage: components['schemas']['Stage'];
      verdict: components['schemas']['Verdict'];
      blocking: boolean;
      /** A sentence that a manager reads */
      explanation: string;
      condition: string;
      inputs: {
        /** Example: `candidate.metrics.f1` */
        fact: string;
        value: number | null;
        interval?: components['schemas']['Interval'];
        /** Evaluation or version it comes from */
        source: string | null;
        /** Format: date-time */
        measuredAt: string | null;
        ageSeconds: number | null;
        maxAgeSeconds: number | null;
        revoked?: components['schemas']['RevocationMark'];
      }[];
      policy: components['schemas']['PolicyRef'];
      evidenceDigest: components['schemas']['Digest'];
      evaluatedAt: components['schemas']['Timestamp'];
      /** What waives it, with the verdict that it has without */
      waiver?: {
        id: string;
        verdict: components['schemas']['Verdict'];
        subjectDigest: components['schemas']['Digest'];
        grantedBy: components['schemas']['Principal'];
        /** Title of the role */
        role: string;
        reason: string;
        expiresAt: components['schemas']['Timestamp'];
      };
    };
    GateCounts: {
      passed: number;
      failed: number;
      'no-evidence': number;
      error: number;
      waived: number;
      warned: number;
    };
    ReleaseVerdict: {
      model: components['schemas']['EntityRef'];
      version: components['schemas']['VersionName'];
      versionDigest: components['schemas']['Digest'];
      environment: components['schemas']['EnvironmentName'];
      /**
       * `waiting` becomes `allowed` by people or time alone; `refused` needs another version, new evidence or a new request
       */
      verdict: 'allowed' | 'waiting' | 'refused';
      allowed: boolean;
      /** A sentence that a manager reads */
      statement: string;
      /** The latest promotion of that version into that environment */
      promotion: null | {
        id: string;
        state: components['schemas']['PromotionState'];
      };
      gateCounts: components['schemas']['GateCounts'];
      /** The gates that keep it out */
      blocking: {
        gate: string;
        title: string;
        verdict: components['schemas']['Verdict'];
        explanation: string;
      }[];
      policy: components['schemas']['PolicyRef'];
      evidenceDigest: components['schemas']['Digest'];
      evaluatedAt: components['schemas']['Timestamp'];
    };
    SampleBatch: {
      id: components['schemas']['ExternalId'];
      environment: components['schemas']['EnvironmentName'];
      samples: components['schemas']['Sample'][];
    };
    /** What one version did in one half-open interval of at most five minutes */
    Sample: {
      version: components['schemas']['VersionName'];
      from: components['schemas']['Timestamp'];
      to: components['schemas']['Timestamp'];
      /** Answered or failed */
      requests: number;
      /** Of them those that failed */
      errors: number;
      /** Milliseconds of requests that were answered: of all of them, or of a uniform random sample of 100 or more */
      latencies: number[];
      /** What was predicted, one number an answer: of all that had one, or of a uniform random sample of 100 or more. Left out where scores are not seen */
      scores?: number[];
      /** How many answers had a score, where scores is a sample of them; as many as scores unless told */
      scored?: number;
    };
    SampleReceipt: {
      id: components['schemas']['ExternalId'];
      /** How many were taken */
      samples: number;
    };
    /** Whether a version may go on, as another tool asked it */
    ReleaseQuestion: {
      id: string;
      platform: 'flagger' | 'github' | 'gitlab';
      /** Its name in the configuration */
      connection: string;
      /** What asked, such as `run 42 of acme/churn, commit 8f2c1e7` */
      about: string;
      environment: components['schemas']['EnvironmentName'];
      /** Null while no version is known by what was asked */
      version: null | components['schemas']['VersionName'];
      /**
       * `open` is answered later, `failed` could not be delivered
       */
      state: 'open' | 'answered' | 'failed';
      verdict: null | ('allowed' | 'waiting' | 'refused');
      /** Why, in a sentence */
      statement: null | string;
      askedAt: components['schemas']['Timestamp'];
      answeredAt: null | components['schemas']['Timestamp'];
      /** Why the answer is not delivered */
      error: null | string;
    };
    ReleaseQuestionPage: {
      items: components['schemas']['ReleaseQuestion'][];
      nextCursor?: string;
    };
    GateMatrix: {
      environment: components['schemas']['EnvironmentName'];
      environments: components['schemas']['EnvironmentName'][];
      policy: components['schemas']['PolicyRef'];
      waivers: components['schemas']['WaiverRule'];
      gates: components['schemas']['GateDefinition'][];
      /** Newest first, at most 8 */
      versions: {
        version: string;
        servingIn: string[];
        promotionId: string | null;
        /** Whether these verdicts were worked out now, because no promotion has asked for them */
        preview: boolean;
        verdicts: components['schemas']['GateVerdict'][];
      }[];
    };
    PromotionRequest: {
      model: components['schemas']['EntityRef'];
      version: components['schemas']['VersionName'];
      environment: components['schemas']['EnvironmentName'];
      /**
       * `unplanned-fix` counts as rework
       * Default: `planned`
       */
      reason: 'planned' | 'unplanned-fix';
      note?: string;
      agent?: components['schemas']['Agent'];
      idempotencyKey?: components['schemas']['ExternalId'];
      /** Makes it an emergency, which goes past approvals, failing gates, the environment before, soak, freeze windows and a stepwise rollout; only where the policy allows it, for the role that it names. It always counts as an unplanned fix */
      breakGlass?: {
        /** What happened and why it cannot wait, in at least 10 characters */
        reason: string;
      };
    };
    /** One thing that would have kept a version out or slowed it down */
    Bypassed: {
      kind:
        | 'approval'
        | 'gate'
        | 'environment'
        | 'soak'
        | 'freeze-window'
        | 'rollout'
        | 'bundle';
      /** Role, id of the gate, environment, freeze window or strategy */
      name: string;
      /** What it is in words */
      title: string;
    };
    /** What is particular to an emergency promotion */
    BreakGlass: {
      reason: string;
      /** In which role the glass was broken */
      role: components['schemas']['PolicyRole'];
      /** Who has to review it */
      reviewRole: components['schemas']['PolicyRole'];
      bypassed: components['schemas']['Bypassed'][];
      reviewBy: components['schemas']['Timestamp'];
      /** Not reviewed although it had to be */
      overdue: boolean;
      /** Null until somebody reviewed it */
      review: null | {
        outcome: 'justified' | 'unjustified';
        reason: string;
        reviewedBy: components['schemas']['Principal'];
        reviewedAt: components['schemas']['Timestamp'];
      };
    };
    BreakGlassPreview: {
      bypassed: components['schemas']['Bypassed'][];
      role: components['schemas']['PolicyRole'];
      reviewRole: components['schemas']['PolicyRole'];
      reviewWithinSeconds: number;
      /** Promotion of the same version that would be cancelled in its favour */
      replaces: string | null;
      /** Promotion that moves traffic there; the emergency goes next */
      waitsFor: string | null;
      /** What even an emergency cannot go past */
      refusedBecause: string | null;
    };
    BreakGlassReviewRequest: {
      outcome: 'justified' | 'unjustified';
      reason: string;
    };
    /** The program through which a person asks, such as an AI agent; written down beside them and their reason, which is compulsory then. Approving, breaking the glass, resuming and retrying are refused to it. */
    Agent: string;
    RollbackRequest: {
      environment: components['schemas']['EnvironmentName'];
      version?: components['schemas']['VersionName'];
      /** The promotion that is to be taken back: refused where what it brought serves no longer. Without it what serves now is taken back, whichever promotion brought it */
      promotion?: components['schemas']['PromotionId'];
      reason: string;
      agent?: components['schemas']['Agent'];
      idempotencyKey?: components['schemas']['ExternalId'];
    };
    PromotionEvent:
      | 'pause'
      | 'resume'
      | 'skip'
      | 'abort'
      | 'cancel'
      | 'retry'
      | 're-evaluate';
    TransitionRequest: {
      event: components['schemas']['PromotionEvent'];
      /** The revision that the caller has seen */
      revision: number;
      reason?: string;
      agent?: components['schemas']['Agent'];
    };
    DecisionRequest: {
      decision: 'approve' | 'reject';
      role: string;
      subjectDigest: components['schemas']['Digest'];
      revision: number;
      reason?: string;
    };
    Delegation: {
      /** Format: uuid */
      id: string;
      /** The group whose members decide */
      group: components['schemas']['EntityRef'];
      from: components['schemas']['EntityRef'];
      to: components['schemas']['EntityRef'];
      reason: string;
      since: components['schemas']['Timestamp'];
      until: components['schemas']['Timestamp'];
      /** Format: date-time */
      endedAt: string | null;
      endedBy: string | null;
      isActive: boolean;
    };
    DelegationPage: {
      items: components['schemas']['Delegation'][];
      nextCursor?: string;
      /** What the caller may hand on */
      roles: {
        group: components['schemas']['EntityRef'];
        title: string;
        longestSeconds: number;
      }[];
    };
    DelegationRequest: {
      group: components['schemas']['EntityRef'];
      /** Entity ref of the user who stands in */
      to: components['schemas']['EntityRef'];
      until: components['schemas']['Timestamp'];
      reason: string;
      idempotencyKey?: components['schemas']['ExternalId'];
    };
    Decision: {
      id: string;
      decision: 'approve' | 'reject';
      role: string;
      decidedBy: components['schemas']['Principal'];
      /** Entity ref of who handed the role on to the person that decided */
      onBehalfOf: string | null;
      decidedAt: components['schemas']['Timestamp'];
      reason: string | null;
      subjectDigest: components['schemas']['Digest'];
      voided: null | {
        at: components['schemas']['Timestamp'];
        because: string;
      };
    };
    /** What a decision binds to */
    ApprovalSubject: {
      digest: components['schemas']['Digest'];
      versionDigest: components['schemas']['Digest'];
      environment: components['schemas']['EnvironmentName'];
      policyDigest: components['schemas']['Digest'];
      evidenceDigest: components['schemas']['Digest'];
      rolloutPlan: components['schemas']['RolloutPlan'];
      /** Present for a member of a bundle. The digest above is then that of the bundle, the environment and these members' own subjects, so that one decision covers all of them */
      bundle?: {
        digest: components['schemas']['Digest'];
        members: {
          model: components['schemas']['EntityRef'];
          subjectDigest: components['schemas']['Digest'];
        }[];
      };
    };
    Approval: {
      /** Format: date-time */
      askedAt: string | null;
      /** Reminders while it is waited for; null where the policy asks for none */
      reminders: null | {
        /** Reminders so far */
        told: number;
        /** Format: date-time */
        nextAt: string | null;
        /** Title of the role that was told that nobody decides */
        escalatedTo: string | null;
        /** Format: date-time */
        escalatedAt: string | null;
      };
      subject: null | components['schemas']['ApprovalSubject'];
      slots: {
        role: string;
        title: string;
        group: components['schemas']['EntityRef'];
        minimum: number;
        reasonRequired: boolean;
        filled: number;
      }[];
      /** Oldest first, the voided ones too */
      decisions: components['schemas']['Decision'][];
      /** What the caller may do */
      viewer: {
        mayDecide: boolean;
        /** Entity ref of who handed on the roles that the caller does not hold, if there are such among them */
        onBehalfOf: string | null;
        /** Open slots that the caller's groups allow */
        roles: string[];
        /** Such as `You requested it` */
        barredBecause: string | null;
      };
    };
    MetricAnalysis: {
      metric: string;
      title: string;
      kind: components['schemas']['AnalysisKind'];
      unit: string;
      control: components['schemas']['AnalysedSide'];
      candidate: components['schemas']['AnalysedSide'];
      /** Candidate minus control; null when there is nothing to compare */
      difference: null | {
        estimate: number;
        low: number;
        high: number;
        level: number;
      };
      margin: number;
      verdict: 'pass' | 'fail' | 'inconclusive';
      explanation: string;
    };
    /**
     * What is compared: the share of errors; values of which more is worse by their shift; scores by the shift of all of them, by the largest distance of their distributions (Kolmogorov-Smirnov), or by the population stability index
     */
    AnalysisKind:
      | 'proportion'
      | 'distribution'
      | 'shift'
      | 'distance'
      | 'stability';
    AnalysedSide: {
      /** Share (0 to 1) for proportions, p95 in the unit for distributions, median score for shift, distance and stability */
      value: number | null;
      samples: number;
      /** Of the samples */
      count?: number;
    };
    RolloutStep: {
      index: number;
      share: number;
      windowSeconds: number;
      minimumSamples: number;
      state:
        | 'pending'
        | 'running'
        | 'passed'
        | 'failed'
        | 'inconclusive'
        | 'skipped';
      /** Format: date-time */
      startedAt: string | null;
      /**
       * Format: date-time
       * When it is judged
       */
      endsAt: string | null;
      /** Format: date-time */
      judgedAt: string | null;
      /** Requests that the candidate answered in this step so far */
      samples: number | null;
      /** Of the judgement, or a preview while the step runs */
      analysis: components['schemas']['MetricAnalysis'][];
      /** Who left the rest of it out, and why; only of what somebody skipped while it ran */
      skip?: {
        by: components['schemas']['EntityRef'];
        at: components['schemas']['Timestamp'];
        reason: string;
      };
    };
    /** What became of the shadow before a rollout; nobody is served by it */
    RolloutShadow: {
      state:
        | 'pending'
        | 'running'
        | 'passed'
        | 'failed'
        | 'inconclusive'
        | 'skipped';
      /** Format: date-time */
      startedAt: string | null;
      /**
       * Format: date-time
       * When it is judged, if samples suffice
       */
      endsAt: string | null;
      /** Format: date-time */
      judgedAt: string | null;
      /** Of the judgement, or so far */
      comparison: null | {
        /** Requests of which a copy was to be sent */
        mirrored: number;
        /** Of them, those that could not be sent or compared */
        skipped: number;
        /** Of the others, those whose answer agreed */
        agreed: number;
        /** Largest distance between two numbers that were compared */
        largestDifference: number | null;
      };
      /** The measures of the plan, of the copies against what was returned */
      analysis: components['schemas']['MetricAnalysis'][];
      explanation: string | null;
    };
    Rollout: {
      plan: components['schemas']['RolloutPlan'];
      shadow?: components['schemas']['RolloutShadow'];
      /** Traffic that the candidate takes now in percent */
      share: number;
      steps: components['schemas']['RolloutStep'][];
      /** Format: date-time */
      startedAt: string | null;
      /** Format: date-time */
      finishedAt: string | null;
      /** How the version is watched after it took over all traffic; null where its policy does not ask for that */
      watch: null | components['schemas']['TrafficWatch'];
      /**
       * Format: date-time
       * Until when the version before stays ready, where the policy sets a limit
       */
      previousKeptUntil: string | null;
    };
    /** A version that is watched for a while after it took over all traffic, compared with what the version before did when it last served. Errors beyond their margin put that one back. */
    TrafficWatch: {
      /**
       * `over` when its time has passed, `ended` when something else serves or is on its way, `failed` when the version before was put back
       */
      state: 'watching' | 'over' | 'ended' | 'failed';
      since: components['schemas']['Timestamp'];
      until: components['schemas']['Timestamp'];
      /** How long it is measured for one judgement */
      windowSeconds: number;
      /** Judgements so far */
      windows: number;
      /** Of them those without any doubt */
      windowsPassed: number;
      /** Answers in the present window at the last look */
      samples: number | null;
      /** What the last look found */
      analysis: components['schemas']['MetricAnalysis'][];
      /** Format: date-time */
      lookedAt: string | null;
      /**
       * Format: date-time
       * Since when nothing could be measured
       */
      unseenSince: string | null;
      /** Format: date-time */
      endedAt: string | null;
      endedBecause: string | null;
    };
    PromotionSummary: {
      id: components['schemas']['PromotionId'];
      model: components['schemas']['EntityRef'];
      modelTitle: string;
      risk: components['schemas']['Risk'];
      version: string;
      environment: components['schemas']['EnvironmentName'];
      kind: 'promotion' | 'rollback';
      state: components['schemas']['PromotionState'];
      revision: number;
      /** What is true now in one sentence */
      statement: string;
      requestedBy: components['schemas']['Principal'];
      requestedAt: components['schemas']['Timestamp'];
      stateSince: components['schemas']['Timestamp'];
      /** Traffic in percent while it rolls out. Of what was rolled back 0, or null if it never had any */
      share: number | null;
      /** Format: date-time */
      expiresAt: string | null;
      slotsFilled: number;
      slotsTotal: number;
      /** Present for emergencies */
      breakGlass?: components['schemas']['BreakGlass'];
      /** Present where it is one of several that go together */
      bundle?: components['schemas']['BundleRef'];
    };
    PromotionPage: {
      items: components['schemas']['PromotionSummary'][];
      nextCursor?: string;
    };
    Promotion: {
      id: components['schemas']['PromotionId'];
      model: components['schemas']['EntityRef'];
      modelTitle: string;
      risk: components['schemas']['Risk'];
      version: string;
      environment: components['schemas']['EnvironmentName'];
      kind: 'promotion' | 'rollback';
      state: components['schemas']['PromotionState'];
      revision: number;
      /** What is true now in one sentence */
      statement: string;
      requestedBy: components['schemas']['Principal'];
      requestedAt: components['schemas']['Timestamp'];
      stateSince: components['schemas']['Timestamp'];
      /** Traffic in percent while it rolls out. Of what was rolled back 0, or null if it never had any */
      share: number | null;
      /** Format: date-time */
      expiresAt: string | null;
      slotsFilled: number;
      slotsTotal: number;
      /** Present for emergencies */
      breakGlass?: components['schemas']['BreakGlass'];
      /** Present where it is one of several that go together */
      bundle?: components['schemas']['BundleRef'];
      versionDigest: components['schemas']['Digest'];
      tier: components['schemas']['Tier'];
      reason: 'planned' | 'unplanned-fix';
      note: string | null;
      /** Nothing serves there yet */
      firstDeployment: boolean;
      /** What served there when it was requested */
      from: null | {
        version: string;
        digest: components['schemas']['Digest'];
      };
      changeKinds: components['schemas']['ChangeKind'][];
      policy: components['schemas']['PolicyRef'];
      gateCounts: components['schemas']['GateCounts'];
      /** What is in force for the model now, where it is another policy than the one that this goes by; for new requests */
      newerPolicy?: components['schemas']['PolicyRef'];
      approval: components['schemas']['Approval'];
      /** Present where it is one of several that go together */
      together?: components['schemas']['BundlePromotion'];
      rollout: null | components['schemas']['Rollout'];
      /** States passed through, oldest first */
      history: {
        state: components['schemas']['PromotionState'];
        at: components['schemas']['Timestamp'];
      }[];
      /** Technical trouble */
      error: null | {
        message: string;
        attempts: number;
        /** Format: date-time */
        retryAt: string | null;
      };
      /** What the caller may do now */
      allowedEvents: components['schemas']['PromotionEvent'][];
      /** Whether what it brought serves still, there is a version to return to, and the caller may return to it */
      mayRollBack: boolean;
      /** What the caller may do about the review; present for emergencies */
      review?: {
        mayReview: boolean;
        /** Such as `You requested it` */
        barredBecause: string | null;
      };
    };
    RolloutSeries: {
      bucketSeconds: number;
      /** Why there are no points although something was measured, as a sentence; left out otherwise */
      missingBecause?: string;
      points: {
        at: components['schemas']['Timestamp'];
        share: number | null;
        candidate: components['schemas']['SeriesSide'];
        control: components['schemas']['SeriesSide'];
      }[];
    };
    SeriesSide: {
      requests: number;
      errors: number;
      /** Milliseconds */
      p50: number | null;
      /** Milliseconds */
      p95: number | null;
    };
    ApprovalPage: {
      counts: {
        waiting: number;
        reviews: number;
      };
      items: {
        promotion: components['schemas']['PromotionSummary'];
        roles: string[];
        barredBecause: string | null;
        decision: null | components['schemas']['Decision'];
      }[];
      nextCursor?: string;
    };
    /** Who may waive a gate, and for how long at most; nobody when null */
    WaiverRule: null | {
      roles: components['schemas']['PolicyRole'][];
      longestSeconds: number;
    };
    /** Why the version may go on although the gate does not let it; ten characters or more */
    WaiverReason: string;
    WaiverRequest: {
      version: components['schemas']['VersionName'];
      environment: components['schemas']['EnvironmentName'];
      gate: string;
      reason: components['schemas']['WaiverReason'];
      expiresAt: components['schemas']['Timestamp'];
    };
    WaiverDecision: {
      decision: 'grant' | 'refuse';
      role: string;
      reason: components['schemas']['WaiverReason'];
      subjectDigest: components['schemas']['Digest'];
    };
    Waiver: {
      id: string;
      model: components['schemas']['EntityRef'];
      modelTitle: string;
      risk: components['schemas']['Risk'];
      version: components['schemas']['VersionName'];
      environment: components['schemas']['EnvironmentName'];
      gate: string;
      /**
       * `void` when the gate came to another verdict or was judged on other facts since; `withdrawn` when somebody took it back
       */
      state: 'asked' | 'granted' | 'refused' | 'void' | 'expired' | 'withdrawn';
      statement: string;
      /** What a decision binds to, over the version, the environment, the gate's rule, its facts and its verdict */
      subjectDigest: components['schemas']['Digest'];
      /** The gate's verdict when the waiver was asked for */
      verdict: components['schemas']['GateVerdict'];
      reason: string;
      askedBy: components['schemas']['Principal'];
      askedAt: components['schemas']['Timestamp'];
      expiresAt: components['schemas']['Timestamp'];
      roles: components['schemas']['PolicyRole'][];
      decision: null | {
        decision: 'grant' | 'refuse';
        role: string;
        reason: string;
        decidedBy: components['schemas']['Principal'];
        decidedAt: components['schemas']['Timestamp'];
      };
      ended: null | {
        at: components['schemas']['Timestamp'];
        by: components['schemas']['Principal'];
        because: string;
      };
      /** Why one that was granted does not count, or not for every open promotion; another one may then be asked for beside it. `null` for any other */
      notCounted: null | string;
      viewer: {
        /** Roles in which the caller may decide now */
        roles: string[];
        barredBecause: string | null;
        mayEnd: boolean;
      };
    };
    /** Example: `resource:default/loan-applications@2026-10` */
    LineageNodeId: string;
    LineageVersion: string;
    /** As OpenLineage 2-0-2 says; its published schemas are what counts */
    OpenLineageEvent: {
      eventTime: string;
      producer: string;
      schemaURL: string;
    } & {
      [key: string]: unknown;
    };
    LineageReceipt: {
      status: 'recorded' | 'known';
    };
    LineageKind:
      | 'dataset'
      | 'feature-view'
      | 'configuration'
      | 'run'
      | 'job'
      | 'version'
      | 'model'
      | 'component'
      | 'hidden';
    LineageNode: {
      id: string;
      kind: components['schemas']['LineageKind'];
      /** Null for what one may not see */
      title: string | null;
      entityRef: string | null;
      /** As events name it, of what the catalog does not have */
      namespace: string | null;
      version: string | null;
      /** Steps from the focus, below 0 upstream */
      hops: number;
      /** Whether there may be neighbours that are not shown */
      more: {
        upstream: boolean;
        downstream: boolean;
      };
      /** Of a run */
      run: null | {
        job: {
          namespace: string;
          name: string;
        };
        state: null | ('START' | 'RUNNING' | 'COMPLETE' | 'FAIL' | 'ABORT');
        /** Format: date-time */
        startedAt: string | null;
        /** Format: date-time */
        endedAt: string | null;
        commit: string | null;
        repository: string | null;
        /** The run that it is part of, such as a scheduler's of a task */
        partOf: null | {
          /** Of its node */
          id: string;
          job: {
            namespace: string;
            name: string;
          };
        };
      };
      /** Of a version that is registered here */
      release: null | {
        digest: components['schemas']['Digest'];
        commit: string | null;
        trainedBy: string;
      };
      /** Where the version serves now */
      serving: components['schemas']['LineageServing'][];
    };
    LineageServing: {
      deployment: string;
      environment: string;
      tier: 'development' | 'staging' | 'pre-production' | 'production';
      /** Percent of the traffic */
      share: number;
      since: components['schemas']['Timestamp'];
    };
    LineageEdge: {
      from: string;
      to: string;
      /** `input`, `output`, `part` (of a query and the run that sent it), `data`, `configuration`, `base-model`, `version`, or a relation of the catalog */
      relation: string;
    };
    LineageGraph: {
      focus: string;
      nodes: components['schemas']['LineageNode'][];
      edges: components['schemas']['LineageEdge'][];
      /** Whether the limit left nodes out */
      truncated: boolean;
    };
    ColumnLineage: {
      node: string;
      columns: {
        column: string;
        from: {
          node: string;
          title: string | null;
          column: string | null;
        };
        transformation: string | null;
      }[];
      truncated: boolean;
    };
    /**
     * What becomes of versions that were made of faulty data, as the policy in force for their model says. Owners are told in any case; `revoke` revokes the evaluations of what was made of them for certain, `revoke-possible` also of what may have been, since nobody said which version was read
     */
    FaultyDataRule: 'notify' | 'revoke' | 'revoke-possible';
    /** What a policy does, or did, with the versions that are affected and go by it */
    FaultConsequence: {
      policy: components['schemas']['PolicyRef'];
      title: string;
      faultyData: components['schemas']['FaultyDataRule'];
      /** Affected */
      versions: number;
      /** Of those the ones whose evaluations are revoked */
      revoked: number;
      /** Evaluations that are revoked by this, those left out that somebody revoked before */
      evaluations: number;
    };
    AffectedVersion: {
      model: components['schemas']['EntityRef'];
      title: string;
      owner: string;
      version: string;
      /** False where it is not known which version of the data was read */
      certain: boolean;
      /** Name of the policy in force for the model */
      policy: string;
      faultyData: components['schemas']['FaultyDataRule'];
      /** Whether the policy revokes the evaluations of this version */
      revokes: boolean;
      /** Evaluations of it that were revoked for faults of the data set */
      revoked: number;
      serving: components['schemas']['LineageServing'][];
    };
    LineageImpact: {
      dataset: string;
      title: string;
      version: string | null;
      /** What serves first */
      versions: components['schemas']['AffectedVersion'][];
      /** Models that say in the catalog that they use the data set, without a version that is known to */
      models: {
        model: components['schemas']['EntityRef'];
        title: string;
        owner: string;
      }[];
      owners: string[];
      /** Things made of it that one may not see */
      hidden: number;
      truncated: boolean;
      /** What the policies would do with the versions, what revokes most first */
      consequences: components['schemas']['FaultConsequence'][];
      mayRaise: boolean;
      /** What was said of it before, newest first */
      faults: components['schemas']['DataFault'][];
    };
    DataFaultRequest: {
      dataset: components['schemas']['LineageNodeId'];
      version?: components['schemas']['LineageVersion'];
      reason: components['schemas']['RevocationReason'];
      idempotencyKey: string;
    };
    DataFault: {
      id: string;
      dataset: string;
      title: string;
      version: string | null;
      reason: string;
      raisedBy: components['schemas']['Principal'];
      raisedAt: components['schemas']['Timestamp'];
      /** Owners that were told */
      notified: number;
      /** Affected, also those that one may not see */
      versions: number;
      /** Of those that served */
      serving: number;
      /** Evaluations that were revoked with it; null while the policies are still being followed */
      revoked: number | null;
      /** What the policies in force then did, what revoked most first */
      consequences: components['schemas']['FaultConsequence'][];
      /** Who took it back, and why; null while it stands */
      withdrawn: null | {
        by: components['schemas']['Principal'];
        at: components['schemas']['Timestamp'];
        reason: string;
      };
    };
    /** What is wrong with the evidence */
    RevocationReason: string;
    RevocationRequest: {
      version: components['schemas']['VersionName'];
      evaluation: components['schemas']['ExternalId'];
      reason: components['schemas']['RevocationReason'];
      idempotencyKey?: string;
    };
    /** Says that evidence was revoked, by whom, when and why */
    RevocationMark: {
      id: string;
      version: string;
      evaluation: string;
      reason: string;
      revokedBy: components['schemas']['Principal'];
      revokedAt: components['schemas']['Timestamp'];
    };
    /** Revoked evidence that a deployment rests on */
    DeploymentRevocation: {
      revocation: components['schemas']['RevocationMark'];
      /** What its gates read of that evidence; empty when it passed no gate itself */
      facts: string[];
      /** By whom it may serve on; null until somebody said so */
      acknowledgement: null | {
        by: components['schemas']['Principal'];
        at: components['schemas']['Timestamp'];
        reason: string;
      };
    };
    RevocationEffects: {
      promotions: {
        id: string;
        version: string;
        environment: components['schemas']['EnvironmentName'];
        /** State before */
        state: components['schemas']['PromotionState'];
        /**
         * `held`: it had stopped already and does not go on by itself
         */
        effect: 're-evaluated' | 'paused' | 'held';
        /** Approvals given that are void when the gates are judged anew */
        decisions?: number;
      }[];
      deployments: {
        id: string;
        version: string;
        environment: components['schemas']['EnvironmentName'];
        /** Percent of the traffic */
        share: number;
      }[];
    };
    RevocationPreview: {
      version: string;
      evaluation: string;
      fact: components['schemas']['ReportableFact'];
      /** Names of what it measured */
      metrics: string[];
      effects: components['schemas']['RevocationEffects'];
      /** Set when it was revoked already */
      revocation: null | components['schemas']['RevocationMark'];
    };
    Revocation: {
      id: string;
      model: components['schemas']['EntityRef'];
      version: string;
      evaluation: string;
      fact: components['schemas']['ReportableFact'];
      metrics: string[];
      reason: string;
      revokedBy: components['schemas']['Principal'];
      revokedAt: components['schemas']['Timestamp'];
      /** What rested on it when it was revoked */
      effects: components['schemas']['RevocationEffects'];
    };
    RevocationPage: {
      items: components['schemas']['Revocation'][];
      nextCursor?: string;
    };
    FoundShare: {
      version: string;
      /** Percent of the traffic */
      share: number;
    };
    /** Something that was changed without Slipway */
    OutsideChange: {
      id: string;
      model: components['schemas']['EntityRef'];
      environment: components['schemas']['EnvironmentName'];
      /**
       * Shares of a target, or an alias of the registry
       */
      kind: 'traffic' | 'alias';
      state: 'open' | 'closed';
      /** What happened in one sentence */
      statement: string;
      alias: string | null;
      /** As the history says */
      expected: components['schemas']['FoundShare'][];
      found: components['schemas']['FoundShare'][];
      firstSeenAt: components['schemas']['Timestamp'];
      raisedAt: components['schemas']['Timestamp'];
      closed: null | {
        at: components['schemas']['Timestamp'];
        because: 'gone' | 'reverted' | 'adopted';
      };
      /** Who asked to set it back; null while nobody has */
      revert: null | {
        by: components['schemas']['Principal'];
        reason: string;
        error: string | null;
      };
      /** The promotion that is to adopt it */
      promotionId: string | null;
    };
    OutsideChangePage: {
      items: components['schemas']['OutsideChange'][];
      nextCursor?: string;
    };
    WaiverPage: {
      items: components['schemas']['Waiver'][];
      nextCursor?: string;
    };
    BundleId: string;
    /** The bundle that a promotion or deployment is part of */
    BundleRef: {
      id: components['schemas']['BundleId'];
      name: string;
      /** Id of the promotion of the bundle */
      promotionId: components['schemas']['BundleId'];
    };
    BundleName: string;
    BundleRegistration: {
      name: components['schemas']['BundleName'];
      /** One version each of different models */
      members: {
        model: components['schemas']['EntityRef'];
        version: components['schemas']['VersionName'];
      }[];
    };
    /** Versions of several models that go together; immutable */
    Bundle: {
      id: components['schemas']['BundleId'];
      name: string;
      digest: components['schemas']['Digest'];
      /** By entity ref of their model */
      members: {
        model: components['schemas']['EntityRef'];
        modelTitle: string;
        version: string;
        digest: components['schemas']['Digest'];
      }[];
      registeredBy: components['schemas']['Principal'];
      registeredAt: components['schemas']['Timestamp'];
      /** Environments in which all of it serves now */
      servesIn: string[];
    };
    BundlePage: {
      items: components['schemas']['Bundle'][];
      nextCursor?: string;
    };
    BundlePromotionRequest: {
      bundle: components['schemas']['BundleId'];
      environment: components['schemas']['EnvironmentName'];
      /**
       * `unplanned-fix` counts as rework
       * Default: `planned`
       */
      reason: 'planned' | 'unplanned-fix';
      note?: string;
      idempotencyKey?: components['schemas']['ExternalId'];
    };
    BundleRollbackRequest: {
      reason: string;
    };
    /** One request to put all members of a bundle into an environment, or to take them back */
    BundlePromotion: {
      id: components['schemas']['BundleId'];
      bundle: {
        id: components['schemas']['BundleId'];
        name: string;
        digest: components['schemas']['Digest'];
      };
      environment: components['schemas']['EnvironmentName'];
      kind: 'promotion' | 'rollback';
      /** Of the member that is least far */
      state: components['schemas']['PromotionState'];
      /** What is true now in one sentence */
      statement: string;
      requestedBy: components['schemas']['Principal'];
      requestedAt: components['schemas']['Timestamp'];
      note: string | null;
      /** By entity ref of their model */
      members: {
        model: components['schemas']['EntityRef'];
        modelTitle: string;
        version: string;
        digest: components['schemas']['Digest'];
        /** Version that served there before */
        from: string | null;
        /** Null where the version served there already and stays */
        promotion: null | {
          id: components['schemas']['PromotionId'];
          state: components['schemas']['PromotionState'];
          statement: string;
          share: number | null;
        };
      }[];
      mayRollBack: boolean;
    };
    BundlePromotionPage: {
      items: components['schemas']['BundlePromotion'][];
      nextCursor?: string;
    };
    DeploymentRecord: {
      id: components['schemas']['ExternalId'];
      version: components['schemas']['VersionName'];
      environment: components['schemas']['EnvironmentName'];
      startedAt: components['schemas']['Timestamp'];
      /** Absent while it serves */
      endedAt?: components['schemas']['Timestamp'];
      /**
       * Default: `full-traffic`
       */
      outcome: 'full-traffic' | 'rolled-back';
      /**
       * Whether it was itself a rollback to an earlier version
       * Default: `false`
       */
      restores: boolean;
      reason?: 'planned' | 'unplanned-fix';
      failureDetectedAt?: components['schemas']['Timestamp'];
      requestedBy?: components['schemas']['Principal'];
      approvedBy?: components['schemas']['Principal'][];
    };
    Deployment: {
      id: string;
      model: components['schemas']['EntityRef'];
      version: string;
      digest: components['schemas']['Digest'];
      environment: components['schemas']['EnvironmentName'];
      tier: components['schemas']['EnvironmentTier'];
      /**
       * `recorded` was made outside and passed no gate here
       */
      origin: 'slipway' | 'recorded';
      kind: 'promotion' | 'rollback';
      /** Traffic in percent: now, or the last it had; where a moment was asked about, the share of then */
      share: number;
      /** First traffic */
      startedAt: components['schemas']['Timestamp'];
      /** Format: date-time */
      fullTrafficAt: string | null;
      /** Format: date-time */
      endedAt: string | null;
      outcome: 'rolling-out' | 'serving' | 'superseded' | 'rolled-back';
      /** The promotion or rollback that made it, or that took back what served */
      promotionId: string | null;
      /** The promotion whose gates and approvals let the version in, of a rollback the earlier one; left out where it passed none here */
      evidencePromotionId?: string;
      /** Present for a rollback: who made it and why, as far as that is known */
      rolledBack?: {
        by: null | components['schemas']['Principal'];
        because: string | null;
      };
      /** Present where it was deployed together with others */
      bundle?: components['schemas']['BundleRef'];
      requestedBy: null | components['schemas']['Principal'];
      /** Of a rollback who approved the version that is back, when it came there before */
      approvedBy: components['schemas']['Principal'][];
      /** Those of approvedBy who stood in for somebody, and for whom; left out where nobody did */
      standIns?: {
        by: components['schemas']['Principal'];
        onBehalfOf: components['schemas']['Principal'];
      }[];
      reason: 'planned' | 'unplanned-fix' | null;
      /** Revoked evidence that it rests on */
      revoked?: components['schemas']['DeploymentRevocation'][];
    };
    DeploymentPage: {
      items: components['schemas']['Deployment'][];
      nextCursor?: string;
    };
    IncidentReport: {
      title: string;
      detectedAt: components['schemas']['Timestamp'];
      resolvedAt?: components['schemas']['Timestamp'];
      causedByVersion?: components['schemas']['VersionName'];
      /** Format: uri */
      url?: string;
    };
    Incident: {
      title: string;
      detectedAt: components['schemas']['Timestamp'];
      resolvedAt?: components['schemas']['Timestamp'];
      causedByVersion?: components['schemas']['VersionName'];
      /** Format: uri */
      url?: string;
      id: string;
      model: components['schemas']['EntityRef'];
      /** The production deployment that caused it, found by version and time */
      deploymentId: string | null;
    };
    IncidentPage: {
      items: components['schemas']['Incident'][];
      nextCursor?: string;
    };
    MeasureId:
      | 'deployment-frequency'
      | 'lead-time'
      | 'change-failure-rate'
      | 'recovery-time'
      | 'rework-rate'
      | 'break-glass-rate'
      | 'pipeline-reliability'
      | 'outside-changes';
    Measure: {
      id: components['schemas']['MeasureId'];
      /** Per week, median seconds, share (0 to 1) or a count of the period; null when there is nothing to count */
      value: number | null;
      unit: 'per-week' | 'seconds' | 'share' | 'count';
      p90: number | null;
      interval: null | components['schemas']['Interval'];
      /** Of the sample, how many count (failures, fixes, emergencies, reliable runs) */
      count: number;
      sampleSize: number;
      /** Share (0 to 1) of the events that have the links the measure needs */
      coverage: number | null;
      target: null | {
        value: number;
        better: 'higher' | 'lower';
      };
      meetsTarget: boolean | null;
      trend: {
        from: components['schemas']['Timestamp'];
        value: number | null;
      }[];
    };
    MetricsReport: {
      from: components['schemas']['Timestamp'];
      to: components['schemas']['Timestamp'];
      bucketDays: number;
      readAt: components['schemas']['Timestamp'];
      /** Models that served in production at some time of the period */
      activeModels: number;
      measures: components['schemas']['Measure'][];
      /** Median and p90 by kind of change */
      leadTime: {
        changeKind: components['schemas']['ChangeKind'];
        value: number | null;
        p90: number | null;
        sampleSize: number;
        targetSeconds: number | null;
        points: {
          from: components['schemas']['Timestamp'];
          median: number | null;
          p90: number | null;
          sampleSize: number;
        }[];
      }[];
      /** Production deployments per bucket */
      outcomes: {
        from: components['schemas']['Timestamp'];
        fullTraffic: number;
        hotFixed: number;
        rolledBack: number;
        incidents: number;
      }[];
      /** Finished pipeline runs per bucket */
      runs: {
        from: components['schemas']['Timestamp'];
        finished: number;
        failure: number;
        error: number;
      }[];
    };
    MetricsGroupPage: {
      totalItems: number;
      nextCursor?: string;
      items: {
        key: string;
        title: string;
        activeModels: number;
        measures: components['schemas']['Measure'][];
      }[];
    };
    MetricsEventPage: {
      nextCursor?: string;
      items: {
        at: components['schemas']['Timestamp'];
        model: components['schemas']['EntityRef'];
        modelTitle: string;
        version: string | null;
        kind: 'deployment' | 'failure' | 'run' | 'outside-change';
        /** Seconds, for the measures of time */
        value: number | null;
        /** Whether it counts (a failure among deployments, a reliable run among runs) */
        counted: boolean;
        detail: string;
        promotionId: string | null;
        deploymentId: string | null;
        runId: string | null;
        url: string | null;
      }[];
    };
    AuditEntry: {
      index: number;
      at: components['schemas']['Timestamp'];
      actor: components['schemas']['Principal'];
      /** Example: `promotion.approved` */
      action: string;
      model: null | components['schemas']['EntityRef'];
      /** What it is about, such as `promotion:7` */
      subject: string;
      summary: string;
      /** RFC 6962 leaf hash of the entry's canonical form */
      leafHash: string;
    };
    AuditPage: {
      items: components['schemas']['AuditEntry'][];
      nextCursor?: string;
    };
    /** Example: `mlflow:main` */
    SourceId: string;
    /** What is there and is not taken; what was known of it stays */
    RefusedSources: {
      count: number;
      items: {
        source: string;
        message: string;
      }[];
    };
    ModelConflict: {
      model: components['schemas']['EntityRef'];
      /** What is said otherwise in the source */
      message: string;
    };
    ModelSourceReport: {
      /** Every source that its reader has; what was reported of others is forgotten */
      configured: components['schemas']['SourceId'][];
      title: string;
      /** Example: `mlflow` */
      kind: string;
      /** Where it reads: addresses, or patterns of files */
      places: string[];
      /** How often it is read; null where that is no plain interval */
      intervalSeconds: number | null;
      /** Format: date-time */
      attemptedAt: string | null;
      /** Format: date-time */
      succeededAt: string | null;
      error: string | null;
      /** Models that it holds */
      models: number;
      refused: components['schemas']['RefusedSources'];
      /** Models of which somebody wrote an entity that says something else; that one counts */
      conflicts: {
        count: number;
        items: components['schemas']['ModelConflict'][];
      };
    };
    ModelSourceHealthList: {
      items: components['schemas']['ModelSourceHealth'][];
    };
    ModelSourceHealth: {
      id: string;
      title: string;
      /** Example: `mlflow` */
      kind: string;
      /** Where it reads: addresses, or patterns of files */
      places: string[];
      /** How often it is read; null where that is no plain interval */
      intervalSeconds: number | null;
      /** Format: date-time */
      attemptedAt: string | null;
      /** Format: date-time */
      succeededAt: string | null;
      error: string | null;
      /** Models that it holds */
      models: number;
      refused: components['schemas']['RefusedSources'];
      /** Whether it was not read for three of its intervals */
      stale: boolean;
      /** Models of which somebody wrote an entity that says something else; that one counts */
      conflicts: {
        count: number;
        items: components['schemas']['ModelConflict'][];
        /** Those that are not listed since one may not see their models */
        hidden: number;
      };
    };
    RegistryHealthList: {
      items: components['schemas']['RegistryHealth'][];
      /** How often each registry is read */
      intervalSeconds: number;
      viewer: {
        mayRefresh: boolean;
      };
    };
    RegistryHealth: {
      id: string;
      /** Example: `mlflow` */
      type: string;
      url: string;
      /** Models of the catalog matched to it */
      models: number;
      /** Models that versions were read of */
      registeredModels: number;
      /** Versions that were read */
      versions: number;
      /** Versions of these that are being registered here and are not yet */
      toRegister: number;
      /** Format: date-time */
      lastSuccessAt: string | null;
      /** Format: date-time */
      lastAttemptAt: string | null;
      /** Format: date-time */
      nextAttemptAt: string | null;
      /** Whether the last success is older than three intervals */
      stale: boolean;
      /** Whether a replica reads it now */
      reading: boolean;
      /** Failures in a row */
      failures: number;
      error: string | null;
      import: null | {
        /** Format: date-time */
        startedAt: string;
        /** Read so far */
        versions: number;
        /**
         * Format: date-time
         * Up to which creation of a version it came
         */
        reachedAt: string | null;
      };
      /** Aliases that are set to what serves */
      aliases: {
        /** None where the registry is only read */
        followed: {
          environment: string;
          alias: string;
        }[];
        /** Aliases still to be set */
        waiting: number;
        /** Why one that waits could not be set */
        error: string | null;
      };
      webhooks: {
        /** Whether a secret is configured */
        accepted: boolean;
        /**
         * Format: date-time
         * Last delivery within a day
         */
        lastAt: string | null;
        lastEvent: string | null;
        /** Deliveries whose models are still to be read */
        waiting: number;
        error: string | null;
      };
    };
    RegistryStatus: {
      id: string;
      /** Example: `mlflow` */
      type: string;
      url: string;
      /** Models of the catalog matched to it */
      models: number;
      /** Format: date-time */
      lastSuccessAt: string | null;
      /** Format: date-time */
      lastAttemptAt: string | null;
      /** Whether the last success is older than three intervals */
      stale: boolean;
      error: string | null;
    };
  };
  responses: {
    /** What was wrong, where, and what would be right */
    Error: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Error'];
      };
    };
  };
  parameters: {
    limit: number;
    /** `nextCursor` of the page before */
    cursor: string;
    namespace: string;
    name: string;
    version: components['schemas']['VersionName'];
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
/** @public */
export interface operations {
  listModels: {
    parameters: {
      query?: {
        /** Text in name, title, owner, task, system, framework or data sets, case-insensitive */
        q?: string;
        /** Only these models, as far as one may see them */
        ref?: components['schemas']['EntityRef'][];
        owner?: components['schemas']['EntityRef'][];
        risk?: components['schemas']['Risk'][];
        tier?: components['schemas']['Tier'][];
        system?: components['schemas']['EntityRef'][];
        lifecycle?: components['schemas']['Lifecycle'][];
        /** As the annotation `slipway.dev/framework` of the model says, in lower case */
        framework?: string[];
        task?: string[];
        health?: components['schemas']['HealthState'][];
        waiting?: components['schemas']['WaitingKind'][];
        /** Name of an environment in which the model serves, or `nowhere` */
        serving?: string[];
        /** How the age of the card of what serves, or of the latest version, stands against the policy */
        card?: components['schemas']['CardState'][];
        /** A field of the entity that nobody has stated yet, such as `owner` */
        toBeCompleted?: string[];
        sort?: 'attention' | 'name' | 'deployed' | 'risk';
        /** Whether to count the facets too. Among more than 2,000 models these counts, the total and the summary may be five seconds old */
        facets?: boolean;
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getModel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The model */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelDetail'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listVersions: {
    parameters: {
      query?: {
        /** Text in name, digest or trainer, or in the parts: commit, data, configuration, parameters; case-insensitive */
        q?: string;
        /** Only versions that serve somewhere now */
        serving?: boolean;
        /** Only versions of which a metric is at least, or at most, a value, as `f1>=0.8` says */
        measured?: string[];
        /** By registration, or by a metric: metric:f1. Versions without the metric come last */
        sort?: string;
        order?: 'asc' | 'desc';
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  registerVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['VersionRegistration'];
      };
    };
    responses: {
      /** Already registered with these very parts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Version'];
        };
      };
      /** Registered */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Version'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The version */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Version'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listEvaluations: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EvaluationPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reportEvaluation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EvaluationReport'];
      };
    };
    responses: {
      /** Already reported under this id, with the same content */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Evaluation'];
        };
      };
      /** Recorded */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Evaluation'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getVersionChanges: {
    parameters: {
      query?: {
        /** A version; without it, the one that serves in production, or that served before it */
        against?: components['schemas']['VersionName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The differences */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VersionChanges'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getMetricHistory: {
    parameters: {
      query: {
        /** Names of metrics in the registry */
        metric: string[];
        /** At most so many points of each metric */
        points?: number;
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The histories, or why there are none */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MetricHistories'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  countTraces: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The count, or why there is none */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TraceCount'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getReleaseVerdict: {
    parameters: {
      query: {
        environment: components['schemas']['EnvironmentName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        version: components['parameters']['version'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The verdict; `allowed` alone says whether to go on */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReleaseVerdict'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getModelCard: {
    parameters: {
      query?: {
        /** A version; without it, the one that serves in production, or else the last registered */
        version?: components['schemas']['VersionName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The card */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelCardView'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  diffModelCards: {
    parameters: {
      query: {
        from: components['schemas']['VersionName'];
        to: components['schemas']['VersionName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The differences, section by section */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelCardDiff'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  exportModelCard: {
    parameters: {
      query: {
        /** A version; without it, the one that serves in production, or else the last registered */
        version?: components['schemas']['VersionName'];
        format: components['schemas']['CardFormat'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The file */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/vnd.cyclonedx+json': Record<string, never>;
          'text/markdown': string;
          'application/pdf': string;
        };
      };
      default: components['responses']['Error'];
    };
  };
  importModelCard: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CardImportRequest'];
      };
    };
    responses: {
      /** What the file says; nothing was kept */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CardImport'];
        };
      };
      /** Kept */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CardImport'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  pushSamples: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SampleBatch'];
      };
    };
    responses: {
      /** Already taken under this id, with the same content */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SampleReceipt'];
        };
      };
      /** Taken */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SampleReceipt'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listReleaseQuestions: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReleaseQuestionPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPipelineRuns: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelineRunPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getPipelineRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        /** The CI system's own id of the run */
        runId: components['schemas']['ExternalId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelineRun'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reportPipelineRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        /** The CI system's own id of the run */
        runId: components['schemas']['ExternalId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PipelineRunReport'];
      };
    };
    responses: {
      /** Known before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelineRun'];
        };
      };
      /** New */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelineRun'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getGateMatrix: {
    parameters: {
      query?: {
        /** Without it production */
        environment?: components['schemas']['EnvironmentName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The matrix */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GateMatrix'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listDeployments: {
    parameters: {
      query?: {
        environment?: components['schemas']['EnvironmentName'];
        /** Only those that served at this moment or later */
        since?: components['schemas']['Timestamp'];
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeploymentPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  recordDeployment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DeploymentRecord'];
      };
    };
    responses: {
      /** Already recorded under this id */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      /** Recorded */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getServing: {
    parameters: {
      query?: {
        /** Without it now */
        at?: string;
        /** Without it production */
        environment?: components['schemas']['EnvironmentName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The deployments that served then, each with the share that it had then; none is an empty list */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: date-time */
            at: string;
            environment: components['schemas']['EnvironmentName'];
            items: components['schemas']['Deployment'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  previewBreakGlass: {
    parameters: {
      query: {
        version: components['schemas']['VersionName'];
        environment: components['schemas']['EnvironmentName'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** What it would go past */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BreakGlassPreview'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  rollBack: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RollbackRequest'];
      };
    };
    responses: {
      /** The rollback, as a promotion of kind `rollback` */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listIncidents: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IncidentPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reportIncident: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        incidentId: components['schemas']['ExternalId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['IncidentReport'];
      };
    };
    responses: {
      /** Known before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Incident'];
        };
      };
      /** New */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Incident'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPolicies: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The policies */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Policy'][];
            status: components['schemas']['PolicyStatus'];
            viewer: {
              /** Whether the caller may try drafts on past promotions */
              mayTry: boolean;
            };
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  listGateKinds: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The kinds, in the order of the stages of a pipeline */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['GateKind'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPolicyHistory: {
    parameters: {
      query?: {
        risk?: components['schemas']['Risk'];
        teamSize?: components['schemas']['TeamSize'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
        limit?: components['parameters']['limit'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PolicyHistoryEntry'][];
            nextCursor?: string;
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  comparePolicies: {
    parameters: {
      query: {
        before: components['schemas']['Digest'];
        after: components['schemas']['Digest'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The differences */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            before: components['schemas']['PolicyRef'];
            after: components['schemas']['PolicyRef'];
            changes: components['schemas']['PolicyChange'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  tryPolicy: {
    parameters: {
      query?: {
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
        /** Promotions to look at for one page */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          yaml: string;
        };
      };
    };
    responses: {
      /** The promotions of this page with another verdict */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyTrial'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  validatePolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          yaml: string;
        };
      };
    };
    responses: {
      /** What is wrong with it; nothing is an empty list */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            errors: components['schemas']['FieldError'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPromotions: {
    parameters: {
      query?: {
        model?: components['schemas']['EntityRef'];
        environment?: components['schemas']['EnvironmentName'];
        state?: components['schemas']['PromotionState'][];
        /** Only emergencies that wait for their review, or whose review is overdue */
        review?: 'due' | 'overdue';
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PromotionPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  requestPromotion: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PromotionRequest'];
      };
    };
    responses: {
      /** Already asked under this idempotency key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      /** Requested */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getPromotion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The promotion as the caller may see and act on it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  transitionPromotion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TransitionRequest'];
      };
    };
    responses: {
      /** The promotion after it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  decide: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DecisionRequest'];
      };
    };
    responses: {
      /** The promotion after the decision */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reviewBreakGlass: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BreakGlassReviewRequest'];
      };
    };
    responses: {
      /** The promotion with its review */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPromotionGates: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The verdicts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['GateVerdict'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  listPromotionTimeline: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getPromotionSeries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['PromotionId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The series */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RolloutSeries'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listApprovals: {
    parameters: {
      query: {
        /** What waits for the caller, what they may not decide, what they decided, or the emergencies that wait for their review */
        section: 'waiting' | 'barred' | 'decided' | 'reviews';
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listWaivers: {
    parameters: {
      query?: {
        version?: components['schemas']['VersionName'];
        environment?: components['schemas']['EnvironmentName'];
        gate?: string;
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WaiverPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  askForWaiver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WaiverRequest'];
      };
    };
    responses: {
      /** Asked; those who may decide are told */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Waiver'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listRevocations: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RevocationPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  revokeEvidence: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RevocationRequest'];
      };
    };
    responses: {
      /** The same person had revoked it under this key or for this reason */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Revocation'];
        };
      };
      /** Revoked */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Revocation'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  previewRevocation: {
    parameters: {
      query: {
        version: components['schemas']['VersionName'];
        evaluation: components['schemas']['ExternalId'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** What would be affected */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RevocationPreview'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  acknowledgeRevocation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        revocationId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          deployment: string;
          reason: components['schemas']['RevocationReason'];
        };
      };
    };
    responses: {
      /** The deployment as it now is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deployment'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listOutsideChanges: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OutsideChangePage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  revertOutsideChange: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        changeId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['RevocationReason'];
        };
      };
    };
    responses: {
      /** The change as it now is; closed once it is found reverted */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OutsideChange'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  adoptOutsideChange: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
        changeId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The change with the promotion that was requested */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OutsideChange'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listDelegations: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page, with the roles that the caller may hand on */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DelegationPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  handOnRole: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DelegationRequest'];
      };
    };
    responses: {
      /** The delegation; also when the same was asked under this idempotency key before */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delegation'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  endDelegation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The delegation as it now is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delegation'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listWaiversToDecide: {
    parameters: {
      query?: {
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WaiverPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getWaiver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The waiver */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Waiver'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  decideOnWaiver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WaiverDecision'];
      };
    };
    responses: {
      /** The waiver as it now is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Waiver'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  endWaiver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['WaiverReason'];
        };
      };
    };
    responses: {
      /** The waiver as it now is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Waiver'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listBundles: {
    parameters: {
      query?: {
        /** Only those with a version of this model */
        model?: components['schemas']['EntityRef'];
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  registerBundle: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BundleRegistration'];
      };
    };
    responses: {
      /** The same bundle is registered already */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Bundle'];
        };
      };
      /** Registered */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Bundle'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getBundle: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['BundleId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The bundle */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Bundle'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listBundlePromotions: {
    parameters: {
      query?: {
        bundle?: components['schemas']['BundleId'];
        model?: components['schemas']['EntityRef'];
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePromotionPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  requestBundlePromotion: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BundlePromotionRequest'];
      };
    };
    responses: {
      /** The same was asked for under this idempotency key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePromotion'];
        };
      };
      /** Asked for */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePromotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getBundlePromotion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['BundleId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The promotion of the bundle */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePromotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  rollBackBundle: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['BundleId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BundleRollbackRequest'];
      };
    };
    responses: {
      /** What puts it back */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BundlePromotion'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reportOpenLineageEvent: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OpenLineageEvent'];
      };
    };
    responses: {
      /** Known already, with the same content */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LineageReceipt'];
        };
      };
      /** Taken in */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LineageReceipt'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getLineage: {
    parameters: {
      query: {
        /** An entity ref such as `model:default/credit-default`, or `dataset:NAMESPACE/NAME` with both escaped as in a URL; with `@VERSION` for one version. Or `run:ID` */
        node: string;
        /** Steps each way */
        depth?: number;
        direction?: 'upstream' | 'downstream' | 'both';
        /** Nodes at most */
        limit?: number;
        /** Neighbours of one node at most, each way; the newest, and what serves */
        fanOut?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The graph */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LineageGraph'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getColumnLineage: {
    parameters: {
      query: {
        /** An entity ref such as `model:default/credit-default`, or `dataset:NAMESPACE/NAME` with both escaped as in a URL; with `@VERSION` for one version. Or `run:ID` */
        node: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The columns */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ColumnLineage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getLineageImpact: {
    parameters: {
      query: {
        /** Its node, without a version */
        dataset: string;
        /** The version that is faulty; without it, all of them */
        version?: components['schemas']['LineageVersion'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** What is affected */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LineageImpact'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  raiseDataFault: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DataFaultRequest'];
      };
    };
    responses: {
      /** Said already under this idempotency key */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DataFault'];
        };
      };
      /** Said */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DataFault'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  withdrawDataFault: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        faultId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['RevocationReason'];
        };
      };
    };
    responses: {
      /** Taken back */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DataFault'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getMetrics: {
    parameters: {
      query: {
        /** Start of the half-open UTC period */
        from: string;
        /** End of the period, at most 370 days after its start */
        to: string;
        owner?: components['schemas']['EntityRef'][];
        model?: components['schemas']['EntityRef'][];
        risk?: components['schemas']['Risk'][];
        changeKind?: components['schemas']['ChangeKind'][];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The metrics */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MetricsReport'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  getMetricsGroups: {
    parameters: {
      query: {
        by: 'owner' | 'model' | 'risk' | 'change-kind';
        from: string;
        to: string;
        owner?: components['schemas']['EntityRef'][];
        model?: components['schemas']['EntityRef'][];
        risk?: components['schemas']['Risk'][];
        changeKind?: components['schemas']['ChangeKind'][];
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page of groups, most deployments first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MetricsGroupPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listMetricsEvents: {
    parameters: {
      query: {
        measure: components['schemas']['MeasureId'];
        from: string;
        to: string;
        owner?: components['schemas']['EntityRef'][];
        model?: components['schemas']['EntityRef'][];
        risk?: components['schemas']['Risk'][];
        changeKind?: components['schemas']['ChangeKind'][];
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MetricsEventPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listAudit: {
    parameters: {
      query?: {
        model?: components['schemas']['EntityRef'];
        action?: string;
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listRegistries: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The connections */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RegistryHealthList'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  refreshRegistry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        type: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** It is being read; how the connections are now */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RegistryHealthList'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  listModelSources: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The sources */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ModelSourceHealthList'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  reportModelSource: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['schemas']['SourceId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ModelSourceReport'];
      };
    };
    responses: {
      /** It is kept */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  listSearchDocuments: {
    parameters: {
      query: {
        /** What to find. One document for each version of a model */
        about: 'versions' | 'cards';
        limit?: components['parameters']['limit'];
        /** `nextCursor` of the page before */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SearchDocumentPage'];
        };
      };
      default: components['responses']['Error'];
    };
  };
}
