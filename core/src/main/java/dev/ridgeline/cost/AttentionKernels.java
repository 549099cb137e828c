package dev.ridgeline.cost;

import dev.ridgeline.kernel.ContextAttentionFamily;
import dev.ridgeline.kernel.ContextAttentionShape;
import dev.ridgeline.kernel.GenerationAttentionFamily;
import dev.ridgeline.kernel.GenerationAttentionShape;
import dev.ridgeline.kernel.MlaFamily;
import dev.ridgeline.kernel.MlaShape;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator.AttentionCore;
import dev.ridgeline.mapping.Program;
import dev.ridgeline.workload.NumberFormat;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.Span;
import java.util.List;
import java.util.Optional;

/** Binds attention to kernels. */
final class AttentionKernels {
  private static final long LATENT_KEY = 576;
  private static final long LATENT_VALUE = 512;
  private static final long EXPANDED_KEY = 192;
  private static final long EXPANDED_VALUE = 128;
  private static final int LARGEST_HEAD = 256;

  private final KernelBinder binder;
  private final FusedRows fused;
  private final Program program;

  AttentionKernels(KernelBinder binder, FusedRows fused, Program program) {
    this.binder = binder;
    this.fused = fused;
    this.program = program;
  }

  Optional<OperatorPrice> price(int row, AttentionCore core, OperatorPrice base) {
    int rotary = fused.rotaryBefore(row);
    double fusedSeconds =
        rotary >= 0 && rotates(rotary).isPresent() ? fused.secondsPerGuard(rotary) : 0;
    return price(core, base, fusedSeconds);
  }

  /** Where the kernels come from that do a rotary embedding's work; both phases need one. */
  Optional<Provenance> rotates(int rotary) {
    Optional<Provenance> found = Optional.empty();
    for (AttentionCore core : fused.attentionAfter(rotary)) {
      found =
          price(core, Roofline.IDEAL.price(core, binder.site()).orElseThrow(), 0)
              .flatMap(OperatorPrice::provenance);
      if (found.isEmpty()) {
        return found;
      }
    }
    return found;
  }

  private Optional<OperatorPrice> price(
      AttentionCore core, OperatorPrice base, double fusedSeconds) {
    boolean grouped =
        core.keyDim() == core.valueDim()
            && core.keyDim() <= LARGEST_HEAD
            && core.heads() % core.kvHeads() == 0;
    if (!grouped) {
      return latent(core, base, fusedSeconds);
    }
    return core.phase() == Phase.DECODE
        ? decode(core, base, fusedSeconds)
        : prefill(core, base, fusedSeconds);
  }

  private Optional<OperatorPrice> decode(
      AttentionCore core, OperatorPrice base, double fusedSeconds) {
    long window = window(core);
    LinearForm stored = stored(core);
    return binder
        .bind(new GenerationAttentionFamily(), decoding(core, window, 1, 1, 1))
        .map(bound -> {
          var times =
              RememberedTimes.over((batch, kvTokens, queries) ->
                  bound.kernel().seconds(decoding(core, window, batch, kvTokens, queries + 1)));
          return binder.priced(
              base,
              core.tokens(),
              fusedSeconds,
              f -> {
                double tokens = core.tokens().at(f);
                double batch = sequences(core, window, f);
                double fresh = tokens / batch;
                return times.seconds(batch, stored.at(f) / batch, Math.rint(fresh) - 1);
              },
              bound);
        });
  }

  private Optional<OperatorPrice> prefill(
      AttentionCore core, OperatorPrice base, double fusedSeconds) {
    long window = window(core);
    LinearForm stored = stored(core);
    NumberFormat runs =
        core.arithmetic().bits() <= Byte.SIZE ? NumberFormat.FP8 : NumberFormat.BF16;
    return binder
        .bind(new ContextAttentionFamily(), reading(core, runs, window, 1, 1, 0))
        .map(bound -> {
          var times =
              RememberedTimes.over((batch, fresh, cached) ->
                  bound.kernel().seconds(reading(core, runs, window, batch, fresh, cached)));
          return binder.priced(
              base,
              core.tokens(),
              fusedSeconds,
              f -> {
                double batch = sequences(core, window, f);
                double fresh = core.tokens().at(f) / batch;
                return times.seconds(batch, fresh, Math.max(0, stored.at(f) / batch - fresh));
              },
              bound);
        });
  }

  /** Latent attention, expanded for prompts and absorbed for decoding, in the published sizes. */
  private Optional<OperatorPrice> latent(
      AttentionCore core, OperatorPrice base, double fusedSeconds) {
    boolean absorbed =
        core.kvHeads() == 1
            && core.keyDim() == LATENT_KEY
            && core.valueDim() == LATENT_VALUE
            && core.phase() == Phase.DECODE;
    boolean expanded =
        core.kvHeads() == core.heads()
            && core.keyDim() == EXPANDED_KEY
            && core.valueDim() == EXPANDED_VALUE;
    if (!absorbed && !expanded) {
      return Optional.empty();
    }
    MlaShape.Phase form = absorbed ? MlaShape.Phase.GENERATION : MlaShape.Phase.CONTEXT;
    return binder
        .bind(new MlaFamily(), new MlaShape(form, core.kvFormat(), core.heads(), 1, 1, 0))
        .map(bound -> {
          var times =
              RememberedTimes.over((batch, fresh, cached) ->
                  bound
                      .kernel()
                      .seconds(
                          new MlaShape(form, core.kvFormat(), core.heads(), batch, fresh, cached)));
          return binder.priced(
              base,
              core.tokens(),
              fusedSeconds,
              f -> {
                double batch = sequences(core, 0, f);
                double fresh = core.tokens().at(f) / batch;
                return times.seconds(
                    batch, fresh, Math.max(0, core.touched().at(f) / batch - fresh));
              },
              bound);
        });
  }

  /** The most tokens looked back to; chunks and selections are told by their sums alone. */
  private static long window(AttentionCore core) {
    return core.span() instanceof Span.Window(long tokens) ? tokens : 0;
  }

  /**
   * Tokens that the cache holds: kernels with a window split the whole sequence. Where no layer
   * attends to all of it, those seen stand for it.
   */
  private LinearForm stored(AttentionCore core) {
    List<Span> spans = program.features().spans();
    int whole = spans.indexOf(Span.FULL);
    if (window(core) == 0 || whole < 0) {
      return core.touched();
    }
    int context = program.deployment().parallelism().context();
    double share = core.phase() == Phase.DECODE ? 1.0 / context : 1;
    return LinearForm.of(program.features().touched(core.phase(), whole), share);
  }

  private static double sequences(AttentionCore core, long window, double[] features) {
    return AttentionSums.sequences(
        core.tokens().at(features), core.touched().at(features), core.pairs().at(features), window);
  }

  private static GenerationAttentionShape decoding(
      AttentionCore core, long window, long batch, long kvTokens, long queries) {
    return new GenerationAttentionShape(
        core.kvFormat(),
        core.keyDim(),
        core.heads() * queries,
        core.kvHeads(),
        window,
        batch,
        kvTokens);
  }

  private static ContextAttentionShape reading(
      AttentionCore core, NumberFormat runs, long window, long batch, long fresh, long cached) {
    return new ContextAttentionShape(
        runs,
        core.kvFormat(),
        core.keyDim(),
        core.heads(),
        core.kvHeads(),
        window,
        batch,
        fresh,
        cached);
  }
}
