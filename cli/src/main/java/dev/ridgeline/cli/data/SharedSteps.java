package dev.ridgeline.cli.data;

import dev.ridgeline.estimate.ChunkReport;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.estimate.Speculation.Position;
import dev.ridgeline.estimate.SpeculationReport;
import dev.ridgeline.platform.Platform;
import java.util.ArrayList;
import java.util.List;

/** The keys of what steps take in beside one token of each request: chunks and drafts. */
final class SharedSteps {
  private SharedSteps() {}

  static Data.Builder chunks(ChunkReport chunks) {
    return Data.fields()
        .put("step_tokens", chunks.budgetTokens())
        .put("prompt_tokens_per_step", chunks.promptTokensPerStep())
        .put("steps_per_prompt", chunks.stepsPerPrompt())
        .put("waiting_steps", chunks.waitSteps())
        .put("decoding_requests", chunks.decodingRequests())
        .put("mixed_step_s", chunks.mixedStepSeconds())
        .put("plain_step_s", chunks.plainStepSeconds())
        .put("mixed_share", chunks.mixedShare());
  }

  static Data.Builder speculation(Speculation drafting, SpeculationReport report) {
    List<Data> acceptance = new ArrayList<>();
    List<Data> candidates = new ArrayList<>();
    for (Position position : drafting.positions()) {
      acceptance.add(
          new Data.Items(position.acceptance().stream().<Data>map(Data.Real::new).toList()));
      candidates.add(new Data.Whole(position.candidates()));
    }
    return Data.fields()
        .put("draft", drafting.model().name())
        .put("draft_platform", drafting.platform().map(Platform::name).orElse("same"))
        .put("tokens", drafting.positions().size())
        .put("acceptance", new Data.Items(acceptance))
        .put("candidates", new Data.Items(candidates))
        .put("tokens_per_round", report.tokensPerRound())
        .put("verified_tokens", report.verifiedTokens())
        .put("draft_s", report.draftSeconds())
        .put("verify_s", report.verifySeconds())
        .put("draft_prompt_s", report.promptSeconds())
        .put("speedup", report.speedup())
        .put("draft_weights_bytes", report.draftWeightsBytes())
        .put("draft_kv_bytes", report.draftKvBytes());
  }
}
