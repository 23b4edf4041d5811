/*===- synfire.h - the contract between a compiled model and the runtime ---===*
 *
 * A compiled model is a table of data (`syn_model`) and functions. It never calls the runtime,
 * allocates or synchronises; the runtime owns memory, threads and time. This header has no
 * dependency and is read by both sides; changing a struct means changing SYN_ABI_VERSION.
 *
 * A function works on the slots of one row: one population and one partition of its elements, or
 * one projection and one partition of its targets. Slots are pointers, described by `syn_slot`.
 *
 * Units of numbers: ms, mV, pA, nS, pF, GOhm, um. Time is counted in steps.
 *===----------------------------------------------------------------------===*/
#ifndef SYNFIRE_H
#define SYNFIRE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYN_ABI_VERSION 10
/** Elements of a slice are padded to a multiple of this. */
#define SYN_PAD 64
/** Value functions get a multiple of so many connections. */
#define SYN_VALUES_LANES 8
#define SYN_NONE UINT32_MAX

typedef enum syn_type {
  SYN_F64 = 0,
  SYN_F32 = 1,
  SYN_I64 = 2,
  SYN_I32 = 3,
  SYN_I16 = 4,
  SYN_U8 = 5,
  SYN_U16 = 6
} syn_type;

/** Why an array exists: decides what is checkpointed, recorded, shown. */
typedef enum syn_array_kind {
  SYN_STATE = 0,      /**< a state of the model (or of a synapse, lumped) */
  SYN_PARAMETER = 1,  /**< a parameter of the model */
  SYN_DERIVED = 2,    /**< computed from parameters by a derive function, or set by frames */
  SYN_REFRACTORY = 3, /**< remaining refractory steps */
  SYN_COUPLING = 4,   /**< gathered continuous input, rewritten every step */
  SYN_HISTORY = 5     /**< a value kept for delayed reading or for `crosses` */
} syn_array_kind;

/** The elements of a population. */
typedef struct syn_domain {
  const char *name;
  uint64_t size;
  const char *const *element_names; /**< `size` names, or null */
  uint32_t emits;                   /**< 1 if its elements spike */
  uint32_t payloads;                /**< latched values that each spike carries */
  uint32_t remembers;  /**< 1: the last spikes of each element are kept (syn_history) */
  uint32_t remembered; /**< so many of the latched values, the last ones, are kept with them */
  uint32_t hidden;     /**< 1: the model has no such population */
  uint32_t relays;     /**< of hidden ones: the domain whose spikes they pass on, or SYN_NONE */
} syn_domain;

/** One value per element of a domain (`uniform` 0), one for all of them (1), or one per connection.
 */
typedef struct syn_array {
  const char *name;     /**< qualified: "E.v", "E->E.g" */
  const char *unit;     /**< for people */
  uint32_t domain;      /**< index of a domain, or SYN_NONE */
  uint32_t connections; /**< index of connections for one value per connection, or SYN_NONE */
  uint32_t type;        /**< syn_type */
  uint32_t kind;        /**< syn_array_kind */
  uint32_t uniform;
  uint32_t past_of;     /**< SYN_HISTORY: the array whose last values are kept; else SYN_NONE */
  double value;         /**< start value of every element, unless an init function sets it */
  const double *values; /**< start values per element, or null */
  uint64_t n_values;
  uint64_t depth;   /**< with `past_of`: at least so many steps are kept */
  uint32_t hidden;  /**< 1: the model has no such variable */
  uint32_t pending; /**< 1: of each connection a value for each step of the longest delay */
} syn_array;

/** Integer sums of the events that act on one variable, one slot per step (D2). */
typedef struct syn_accumulator {
  const char *name;
  uint32_t domain;
  uint32_t type;    /**< SYN_I64 or SYN_I32 */
  uint32_t scale;   /**< uniform f64 array that receives 2^k */
  uint32_t inverse; /**< uniform array (f64 or f32) that receives 2^-k */
  uint32_t limit; /**< uniform array that receives the largest amount, in units of 2^-k, with which
                       no sum can wrap; SYN_NONE where all amounts have a bound */
  uint32_t reserved;
} syn_accumulator;

/** How the pairs of a projection are chosen (R1). */
typedef enum syn_rule {
  SYN_ONE_TO_ONE = 0,
  SYN_ALL_TO_ALL = 1,
  SYN_ALL_BUT_ONE = 2,
  SYN_PROBABILITY = 3,
  SYN_FIXED_INDEGREE = 4,
  SYN_FIXED_OUTDEGREE = 5,
  SYN_FIXED_NUMBER = 6,
  SYN_SMALL_WORLD = 7,
  SYN_MODULAR = 8,
  SYN_TABLE = 10
} syn_rule;

/** A function over a row's slots; see syn_launch. */
typedef struct syn_range syn_range;
typedef void (*syn_function)(void *const *slots, const syn_range *range);

/** What went wrong first in a call, at the end of `step`, if that is not negative: a NaN that an
 * update stored, or an amount beyond the limit of the sum that it is sent to. */
typedef struct syn_fault {
  int64_t step;
  int64_t
      element;  /**< number in its population; of an amount sent along connections: the source's */
  int64_t slot; /**< the launch's slot of the array that the NaN was stored to, or of the limit */
} syn_fault;

/** What a function is told beside its slots. */
struct syn_range {
  int64_t first; /**< number of the slice's first element in its population */
  int64_t count; /**< elements of the slice (for value functions: pairs in the batch) */
  int64_t step;  /**< the grid step the work starts from (values of t = step * dt) */
  int64_t steps; /**< how many steps to advance */
  uint64_t seed;
  /* Value functions (SYN_LAUNCH_VALUES): one value per pair. */
  const uint32_t *pre, *post, *position;
  double *out;
  /* Delivery: the spikes of one source partition, `spike_counts[i]` of them at step + 1 + i. */
  const uint32_t *spikes; /**< element numbers in the source population */
  const int64_t *spike_counts;
  const double *const *payload; /**< latched values, one array per payload of the source */
  int64_t payload_base;         /**< first payload's index for this projection */
  syn_fault *fault;             /**< where the first fault is told */
  int64_t remembered_base;      /**< first remembered value's index for this projection */
  const struct syn_segment
      *segments; /**< with a sight: the connections that see each of `spikes` */
};

/** How the connections of a projection are stored. */
typedef enum syn_layout {
  SYN_BY_SOURCE = 0,           /**< a spike adds, at once, to the sums of the steps to come */
  SYN_BY_SOURCE_AND_DELAY = 1, /**< amounts never change; each segment is handled when it is due */
  SYN_IMPLICIT = 2 /**< one amount and delay, and a regular rule: not stored, handled when due */
} syn_layout;

/** When connections see the spikes of their sources (G3). */
typedef enum syn_sight {
  SYN_AT_SOURCE = 0, /**< when they are fired */
  SYN_DELAYED = 1,   /**< when the axonal part of a connection's delay has passed */
  SYN_FIRST = 2      /**< the same, before the cells make that step */
} syn_sight;

/** Connections of a projection. Delays in ms are rounded to steps by the runtime, those of events
 * to at least one. */
typedef struct syn_connections {
  const char *name;
  uint32_t source, target; /**< domains */
  uint32_t rule;           /**< syn_rule */
  uint32_t continuous;     /**< 1: eventless, stored by target */
  uint32_t autapses;       /**< 0, 1, or 2: the rule's default */
  uint32_t multapses;
  uint64_t k;  /**< degree, number, or neighbours */
  double p, q; /**< probability, beta; p_in, p_out */
  uint64_t groups;
  const uint64_t *source_ranges, *target_ranges; /**< inclusive, flattened; null: all */
  uint32_t n_source_ranges, n_target_ranges;     /**< numbers of ranges */
  uint64_t n_pairs;                              /**< SYN_TABLE */
  const uint32_t *pre, *post;
  uint32_t pair_probability; /**< launch index of a value function for p, or SYN_NONE */
  uint32_t delay_values;     /**< launch index of a value function for the delay, or SYN_NONE */
  uint32_t zero_delay;       /**< 1: no delay at all (couplings without one, or injected spikes) */
  uint32_t hash;             /**< FNV-1a of "name#connect" */
  double delay;              /**< ms, if the same everywhere */
  double dendritic_fraction;
  uint32_t first_payload;    /**< number of its first latched value among those of the source */
  uint32_t layout;           /**< syn_layout */
  uint32_t draws;            /**< 1: events draw random numbers, so the rows keep positions */
  uint32_t first_remembered; /**< the same among the remembered values of the target */
  uint32_t hidden;           /**< 1: the model has no such projection */
  uint32_t sight;            /**< syn_sight */
  uint32_t each_step;        /**< 1: handlers read values of cells, as they are at one step */
  uint32_t reserved;
} syn_connections;

/** One accumulator that connections or stimuli send to, and how large one amount may be. */
typedef struct syn_send {
  uint32_t accumulator;
  uint32_t connections; /**< or SYN_NONE: from the target's own update (Poisson input) */
  uint32_t poisson;     /**< index of the Poisson drive, or SYN_NONE */
  uint32_t cap; /**< array (uniform or per connection) holding the amount; SYN_NONE: unit amounts */
  double headroom; /**< the amount may exceed the array's largest magnitude by this factor */
} syn_send;

/** A Poisson drive with one rate for all elements: its table is built by the runtime. */
typedef struct syn_poisson {
  const char *name;
  uint32_t mean;     /**< uniform f64 array: events per step */
  uint32_t exp_mean; /**< uniform f64 array: exp(-mean) */
} syn_poisson;

/** Spike times given by the user: delivered through `connections` whose source is a hidden domain.
 */
typedef struct syn_spike_list {
  const char *name;
  uint32_t connections;
  uint32_t
      delays; /**< array of the steps by which the spikes of an element come later, or SYN_NONE */
  uint64_t count;
  const double *times;      /**< ms, ascending */
  const uint32_t *elements; /**< in the hidden source domain */
} syn_spike_list;

/** Frames from files, one every `period` steps: frame n begins at step n * period (C7). */
typedef struct syn_frames {
  const char *name;
  const char *format;          /**< "idx" */
  const char *images, *labels; /**< paths; labels: null if there are none */
  int64_t period;
  uint32_t index;         /**< uniform array: the number of the present frame in its file */
  uint32_t label;         /**< uniform array: its label; SYN_NONE without labels */
  const uint32_t *values; /**< arrays over domains that receive its values */
  uint32_t n_values;
  uint32_t reserved;
} syn_frames;

/** How the elements of a domain answer to frames. */
typedef struct syn_answers {
  uint32_t domain, frames;
  uint32_t counts; /**< f64 array over the domain: spikes since the frame began */
  uint32_t labels; /**< array over the domain: the label assigned, or -1; SYN_NONE: none ever is */
} syn_answers;

/** The spikes of some elements since the frame began, known when it ends. */
typedef struct syn_total {
  uint32_t answers;
  uint32_t array;         /**< uniform array that receives them */
  const uint64_t *ranges; /**< null: all */
  uint32_t n_ranges;
  uint32_t reserved;
} syn_total;

typedef enum syn_slot_kind {
  SYN_SLOT_ARRAY = 0,       /**< element 0 of the slice in an array (the value itself if uniform) */
  SYN_SLOT_RING = 1,        /**< syn_ring of an accumulator */
  SYN_SLOT_POISSON = 2,     /**< syn_poisson_table */
  SYN_SLOT_EMIT = 3,        /**< syn_emit of a domain */
  SYN_SLOT_CONSTANT = 4,    /**< pointer to the slot's own 64-bit `constant` */
  SYN_SLOT_ROWS = 5,        /**< syn_rows of connections */
  SYN_SLOT_VALUES = 6,      /**< syn_values: per-connection values in the order of the rows */
  SYN_SLOT_WHOLE_ARRAY = 7, /**< element 0 of the population in an array (remote reads) */
  SYN_SLOT_PAST = 8,        /**< syn_past of an array with `past_of` */
  SYN_SLOT_HISTORY = 9,     /**< syn_history of a domain */
  SYN_SLOT_PENDING = 10     /**< syn_ring of a pending array, in the order of the rows */
} syn_slot_kind;

typedef struct syn_slot {
  uint32_t kind;
  uint32_t index;
  uint64_t constant;
} syn_slot;

/** Sums of one partition: those of a step start at base + (step & (slots - 1)) * stride elements.
 */
typedef struct syn_ring {
  void *base;
  int64_t slots, stride; /**< slots is a power of two */
} syn_ring;

/** The values of a whole population at the last steps: those of a step start at
 * base + (step & (slots - 1)) * stride elements. Before the first step all are the start values. */
typedef struct syn_past {
  const void *base;
  int64_t slots, stride; /**< slots is a power of two, above the longest delay */
} syn_past;

/** So many spikes of each element, the last ones, are kept close to those of the other elements. */
#define SYN_RECENT 4
/** The step of a spike that never was. */
#define SYN_NEVER INT32_MIN

/** The last spikes of the elements of a slice, the newest of an element being its spike 0, with the
 * steps at which they were fired and the `width` remembered values of each. Those of element e
 * begin at steps[e * capacity] and values[e * capacity * width]; behind the last one that is kept
 * stands, at least once, SYN_NEVER. From recent + e * stride on there are, once more, the steps of
 * its first SYN_RECENT spikes, and behind them their values. */
typedef struct syn_history {
  const void *recent;
  int64_t stride; /**< bytes, a multiple of 16 */
  const int32_t *steps;
  const double *values;
  int64_t capacity, width;
  int64_t settled; /**< connections have followed what they saw up to this step, at least */
} syn_history;

/** A word u means: as many events as there are thresholds <= u. */
typedef struct syn_poisson_table {
  const uint32_t *thresholds;
  int64_t count;
} syn_poisson_table;

/** Where an update puts the spikes of its slice: element numbers, step after step. */
typedef struct syn_emit {
  uint32_t *elements;
  int64_t *counts;        /**< per step of the block */
  double *const *payload; /**< per latched value, parallel to `elements` */
} syn_emit;

/** Connections of one partition, by source (events) or by target (continuous). A partition has at
 * most 65,536 targets. */
typedef struct syn_rows {
  const uint32_t *offsets;   /**< one more than rows */
  const uint16_t *targets;   /**< events: target in the slice */
  const uint32_t *sources;   /**< continuous: source in its population */
  const uint16_t *delays;    /**< steps, or null where `delay` is for all; with a sight, of what
                                  follows it, the dendritic part */
  const uint32_t *positions; /**< ordinal in the rule's sequence, where it is needed */
  int64_t delay;
} syn_rows;

/** Values of an array over connections; a 16-bit value q means q * scale. */
typedef struct syn_values {
  const void *base;
  double scale;
} syn_values;

/** The connections begin .. end - 1 of a table. */
typedef struct syn_segment {
  uint32_t begin, end;
} syn_segment;

/** What is due at one step, of the connections of one source population onto one partition. */
typedef struct syn_due {
  void *sums;                  /**< those of the step, for all targets of the partition */
  const syn_segment *segments; /**< 16 more than `count` may be read */
  int64_t count;
  const void *entries; /**< 16-bit indices of sums; packed: with 16-bit amounts in the upper half */
  const void *amounts; /**< wide: one per connection */
  int64_t shift;       /**< packed: an amount q is added as q * 2^shift */
  int64_t amount;      /**< uniform: added for every connection */
} syn_due;
typedef void (*syn_due_function)(const syn_due *due);
/* The names of the three functions in the compiled code. */
#define SYN_DUE_PACKED "synfire_due_packed"
#define SYN_DUE_WIDE "synfire_due_wide"
#define SYN_DUE_UNIFORM "synfire_due_uniform"

typedef enum syn_launch_kind {
  SYN_LAUNCH_DERIVE = 0,  /**< parameters to derived values; at the start and after a change */
  SYN_LAUNCH_INIT = 1,    /**< start values */
  SYN_LAUNCH_VALUES = 2,  /**< one value per connection into range->out */
  SYN_LAUNCH_DELIVER = 3, /**< spikes of the last block into rings */
  SYN_LAUNCH_GATHER = 4,  /**< continuous couplings of the present values */
  SYN_LAUNCH_UPDATE = 5,  /**< advance, test, emit */
  SYN_LAUNCH_ASSIGN = 6,  /**< a protocol's change */
  SYN_LAUNCH_ADVANCE = 9, /**< every `period` steps, states of connections leave the step */
  SYN_LAUNCH_TIMER = 10,  /**< every `period` steps, for every connection */
  SYN_LAUNCH_SETTLE = 8, /**< every connection follows the spikes of its target up to range->step */
  SYN_LAUNCH_AMOUNTS = 7 /**< what each of range->count connections sends, integers into range->out;
                              values per connection are read from 0 on */
} syn_launch_kind;

/** One row of work: a function with its slots. */
typedef struct syn_launch {
  uint32_t kind;
  uint32_t domain;      /**< over whose elements (DELIVER, AMOUNTS, GATHER: the target's) */
  uint32_t connections; /**< VALUES, DELIVER, AMOUNTS, GATHER */
  uint32_t n_slots;
  syn_function function;
  const syn_slot *slots;
  const char *name;
  const uint64_t *ranges; /**< ASSIGN: inclusive element ranges; null: all */
  uint32_t n_ranges;
  uint32_t uniform; /**< DERIVE, INIT, ASSIGN: run once, all slots uniform */
  int64_t period;   /**< TIMER: in steps; 0: where values of connections are recorded. ADVANCE: the
                       same */
  int64_t work;     /**< UPDATE: operations for an element and a step */
} syn_launch;

typedef struct syn_record {
  uint32_t array; /**< SYN_NONE: spikes of the domain */
  uint32_t domain;
  uint64_t period;        /**< steps */
  const uint64_t *ranges; /**< null: all */
  uint32_t n_ranges;
  uint32_t reserved;
} syn_record;

/** What a prior states of connections (R2). */
typedef enum syn_constraint_kind {
  SYN_LIMITS = 0,      /**< weights are within limits; checked when the model is built */
  SYN_TIED = 1,        /**< the weights of several projections are their mean */
  SYN_SYMMETRIC = 2,   /**< both directions of a pair have the mean of their weights */
  SYN_SUM = 3,         /**< weights are scaled until their sum is met */
  SYN_DENSITY = 4,     /**< the weakest connections go, where they can */
  SYN_NO_AUTAPSES = 5, /**< checked when the model is built */
} syn_constraint_kind;
typedef enum syn_comparison { SYN_EQUAL = 0, SYN_AT_MOST = 1, SYN_AT_LEAST = 2 } syn_comparison;
typedef enum syn_sum_of { SYN_OF_ALL = 0, SYN_OF_SOURCE = 1, SYN_OF_TARGET = 2 } syn_sum_of;

/** One constraint on `n` projections. */
typedef struct syn_constraint {
  const char *text;            /**< as the model says it, and where */
  uint32_t kind, n;            /**< syn_constraint_kind; of projections */
  const uint32_t *connections; /**< n */
  const uint32_t *weights;     /**< n arrays: over the connections, or uniform; or SYN_NONE */
  const uint32_t *present;     /**< n arrays: 1 where a connection is there; or SYN_NONE: all are */
  const uint32_t *frozen;      /**< n uniform arrays: 1 while weights stay (P6); or SYN_NONE */
  const double *limits;        /**< n pairs: the lower and the upper limit of weights */
  double value;                /**< of a sum or density */
  uint32_t comparison, by;     /**< syn_comparison; syn_sum_of */
  int64_t period;              /**< steps; 0: at the start only */
  const uint64_t
      *parts; /**< null: of all connections; else of those from and onto these elements:
                   inclusive ranges, those of sources and of targets of each projection */
  const uint32_t *n_parts; /**< 2 n numbers of ranges; none: all elements */
} syn_constraint;

/** Launches to run at a step: once (`period` 0) or again and again; or, with `frames`, when a frame
 * begins. */
typedef struct syn_action {
  int64_t step, period;
  const uint32_t *launches;
  uint32_t n_launches;
  uint32_t frames; /**< SYN_NONE, or whose frames */
  uint32_t again;  /**< SYN_NONE: at each new frame. Else a uniform array: not 0 where a frame that
                        ends is to be shown again; then, and at that time, the launches run */
  uint32_t test;   /**< the launch that sets `again`, when the frame ends */
} syn_action;

typedef struct syn_run {
  const char *name;
  const char *origin; /**< the run it goes on from, or null */
  int64_t steps;
  double step_ms;
  uint64_t seed;
  const syn_record *records;
  const syn_action *actions;
  const uint32_t *labels;  /**< answers whose elements are assigned labels at the end */
  const uint32_t *reports; /**< answers whose labels are judged at the end */
  uint32_t n_records, n_actions, n_labels, n_reports;
} syn_run;

typedef struct syn_model {
  uint32_t abi_version;
  uint32_t precision; /**< SYN_F64 or SYN_F32 */
  const char *name;
  const syn_domain *domains;
  const syn_array *arrays;
  const syn_accumulator *accumulators;
  const syn_connections *connections;
  const syn_send *sends;
  const syn_poisson *poissons;
  const syn_spike_list *spike_lists;
  const syn_frames *frames;
  const syn_answers *answers;
  const syn_total *totals;
  const syn_launch *launches; /**< in the order of a step */
  const syn_run *runs;
  const syn_constraint *constraints;
  uint32_t n_domains, n_arrays, n_accumulators, n_connections, n_sends, n_poissons, n_spike_lists,
      n_frames, n_answers, n_totals, n_launches, n_runs;
  uint32_t step_array; /**< uniform f64 array that receives dt in ms */
  uint32_t n_constraints;
  /* Null where no connections are stored by source and delay. */
  syn_due_function due_packed, due_wide, due_uniform;
} syn_model;

/** The one symbol that a compiled model exports. */
const syn_model *synfire_model(void);

#ifdef __cplusplus
}
#endif
#endif /* SYNFIRE_H */
