package dev.ridgeline.papers.genz;

import static dev.ridgeline.papers.genz.RequirementConvention.ACTIVATIONS;
import static dev.ridgeline.papers.genz.RequirementConvention.BEAM_CACHE;
import static dev.ridgeline.papers.genz.RequirementConvention.BEAM_SCORES;
import static dev.ridgeline.papers.genz.RequirementConvention.ENDS;
import static dev.ridgeline.papers.genz.RequirementConvention.EVERY_ROW;
import static dev.ridgeline.papers.genz.RequirementConvention.EXPERTS;
import static dev.ridgeline.papers.genz.RequirementConvention.HEAD_ALONE;
import static dev.ridgeline.papers.genz.RequirementConvention.LAST_TOKEN;
import static dev.ridgeline.papers.genz.RequirementConvention.ONE_BEAM;
import static dev.ridgeline.papers.genz.RequirementConvention.ONE_EXPERT;
import static dev.ridgeline.papers.genz.RequirementConvention.ONE_FORMAT;
import static dev.ridgeline.papers.genz.RequirementConvention.POINTWISE;
import static dev.ridgeline.papers.genz.RequirementConvention.ROUTER;
import static dev.ridgeline.papers.genz.RequirementConvention.ROUTER_FORMAT;
import static dev.ridgeline.papers.genz.RequirementConvention.SQUARE;
import static dev.ridgeline.papers.genz.RequirementConvention.TWO_PRODUCTS;
import static dev.ridgeline.papers.genz.RequirementConvention.UNITS;
import static dev.ridgeline.papers.genz.RequirementConvention.VOCABULARY;

import java.util.List;

/**
 * The four figures of the requirement table, and three of them by the same formulas in GenZ 0.0.16.
 */
enum RequirementFigure {
  DECODE_BANDWIDTH(
      "Memory bandwidth of decoding",
      "decode_req_bw_tb_s_notebook2024",
      "TB/s",
      1e12,
      List.of("requirement-decode-bandwidth"),
      List.of(UNITS, EXPERTS, BEAM_CACHE, ROUTER, ENDS, ACTIVATIONS, LAST_TOKEN)),
  DECODE_COMPUTE(
      "Compute of decoding",
      "decode_req_tflops_notebook2024",
      "TFLOP/s",
      1e12,
      List.of("requirement-decode-compute"),
      List.of(BEAM_SCORES, ROUTER, ENDS, LAST_TOKEN)),
  PREFILL_BANDWIDTH(
      "Memory bandwidth of prefill",
      "prefill_req_bw_tb_s_notebook2024",
      "TB/s",
      1e12,
      List.of("requirement-prefill-bandwidth-dense", "requirement-prefill-bandwidth-experts"),
      List.of(UNITS, ONE_EXPERT, ROUTER, ENDS, TWO_PRODUCTS, POINTWISE, ONE_FORMAT)),
  PREFILL_COMPUTE(
      "Compute of prefill",
      "prefill_req_pflops_notebook2024",
      "PFLOP/s",
      1e15,
      List.of("requirement-prefill-compute"),
      List.of(SQUARE, ROUTER, ENDS)),
  LATER_DECODE_BANDWIDTH(
      "Memory bandwidth of decoding, later version",
      "head_decode_req_bw_tb_s",
      "TB/s",
      1e12,
      List.of("requirement-decode-bandwidth"),
      List.of(UNITS, EXPERTS, ROUTER_FORMAT, HEAD_ALONE, VOCABULARY, ACTIVATIONS, LAST_TOKEN)),
  LATER_DECODE_COMPUTE(
      "Compute of decoding, later version",
      "head_decode_req_tflops",
      "TFLOP/s",
      1e12,
      List.of("requirement-decode-compute"),
      List.of(ONE_BEAM, VOCABULARY, LAST_TOKEN)),
  LATER_PREFILL_COMPUTE(
      "Compute of prefill, later version",
      "head_prefill_req_pflops",
      "PFLOP/s",
      1e15,
      List.of("requirement-prefill-compute"),
      List.of(SQUARE, EVERY_ROW, VOCABULARY));

  private final String title;
  private final String column;
  private final String unit;
  private final double worth;
  private final List<String> claims;
  private final List<RequirementConvention> conventions;

  RequirementFigure(
      String title,
      String column,
      String unit,
      double worth,
      List<String> claims,
      List<RequirementConvention> conventions) {
    this.title = title;
    this.column = column;
    this.unit = unit;
    this.worth = worth;
    this.claims = claims;
    this.conventions = conventions;
  }

  /** Whether the figure is that of the later version, which nobody published. */
  boolean later() {
    return column.startsWith("head_");
  }

  String title() {
    return title;
  }

  /** Of {@code usecase_requirements_2024.csv}. */
  String column() {
    return column;
  }

  String unit() {
    return unit;
  }

  /** Bytes or floating-point operations a second that make the unit. */
  double worth() {
    return worth;
  }

  /** Claims of the paper pack that ask Ridgeline the same question. */
  List<String> claims() {
    return claims;
  }

  /** What the authors count otherwise. */
  List<RequirementConvention> conventions() {
    return conventions;
  }
}
