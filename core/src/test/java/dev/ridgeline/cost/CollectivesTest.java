package dev.ridgeline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.LinearForm;
import dev.ridgeline.mapping.Operator;
import dev.ridgeline.mapping.Operator.Collective;
import dev.ridgeline.mapping.Operator.Collective.Pattern;
import dev.ridgeline.mapping.Operator.Group;
import dev.ridgeline.platform.LinkKind;
import dev.ridgeline.platform.NetworkLevel;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.BytesPerSecond;
import dev.ridgeline.units.Seconds;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Exchange times worked out by hand from the table in docs/model-of-computation.md. */
class CollectivesTest {
  private static final double HOP_SECONDS = 1e-6;
  private static final double LINK = 5e11;

  private static double seconds(
      Platform platform, Pattern pattern, int size, int stride, double payloadBytes) {
    Collective collective =
        new Collective(
            "x", pattern, new Group("tp", size, stride), LinearForm.constant(payloadBytes));
    OperatorPrice price = Collectives.price(collective, new Site(platform));
    OperatorCost cost = new OperatorCost(platform.chip().memory().size(), platform.levels().size());
    price.price(new double[] {1}, cost);
    return cost.timeSeconds;
  }

  private static Platform oneLevel(LinkKind kind, int size, boolean reduces) {
    Platform base = TestPlatforms.nodes(1, size);
    return new Platform(
        "x",
        base.chip(),
        size,
        List.of(
            new NetworkLevel(
                "net", kind, size, new BytesPerSecond(LINK), new Seconds(HOP_SECONDS), reduces)),
        size,
        Optional.empty(),
        Optional.empty(),
        "",
        List.of());
  }

  private static Percentage exactly() {
    return Percentage.withPercentage(1e-9);
  }

  @Test
  void smallAllReduceOnASwitchGoesInOneShot() {
    double expected = HOP_SECONDS + 7 * 1e4 / LINK;
    assertThat(seconds(oneLevel(LinkKind.SWITCH, 8, false), Pattern.ALL_REDUCE, 8, 1, 1e4))
        .isCloseTo(expected, exactly());
  }

  @Test
  void largeAllReduceOnASwitchGoesInTwo() {
    double expected = 2 * HOP_SECONDS + 2 * 7.0 / 8 * 1e9 / LINK;
    assertThat(seconds(oneLevel(LinkKind.SWITCH, 8, false), Pattern.ALL_REDUCE, 8, 1, 1e9))
        .isCloseTo(expected, exactly());
  }

  @Test
  void aSwitchThatAddsMovesThePayloadOnce() {
    double expected = 2 * HOP_SECONDS + 1e9 / LINK;
    assertThat(seconds(oneLevel(LinkKind.SWITCH, 8, true), Pattern.ALL_REDUCE, 8, 1, 1e9))
        .isCloseTo(expected, exactly());
  }

  @Test
  void aTorusKnowsRingsAndTreesOnly() {
    Platform torus = oneLevel(LinkKind.TORUS, 8, false);
    assertThat(seconds(torus, Pattern.ALL_REDUCE, 8, 1, 1e9))
        .isCloseTo(14 * HOP_SECONDS + 2 * 7.0 / 8 * 1e9 / LINK, exactly());
    assertThat(seconds(torus, Pattern.ALL_REDUCE, 8, 1, 1e4))
        .isCloseTo(6 * HOP_SECONDS + 2 * 1e4 / LINK, exactly());
  }

  @Test
  void aTorusOfTwoDimensionsIsNearerThanARing() {
    Platform ring = oneLevel(LinkKind.TORUS, 16, false);
    NetworkLevel level = ring.levels().getFirst();
    Platform square =
        new Platform(
            "x",
            ring.chip(),
            16,
            List.of(
                new NetworkLevel(
                    "net", LinkKind.TORUS, 16, level.bandwidth(), level.latency(), false, 2)),
            16,
            Optional.empty(),
            Optional.empty(),
            "",
            List.of());
    // Sides of 4: two links on average, four at most; one ring of 16: four and eight.
    assertThat(seconds(square, Pattern.ALL_TO_ALL, 16, 1, 1e9))
        .isCloseTo(4 * HOP_SECONDS + 15.0 / 16 * 1e9 / LINK * 2, exactly());
    assertThat(seconds(ring, Pattern.ALL_TO_ALL, 16, 1, 1e9))
        .isCloseTo(8 * HOP_SECONDS + 15.0 / 16 * 1e9 / LINK * 4, exactly());
  }

  @Test
  void partOfAMeshHasPartOfTheLinks() {
    // 4 of 8 chips: 3 of 7 links of each chip.
    double expected = 2 * HOP_SECONDS + 2 * 3.0 / 4 * 1e9 / (LINK * 3 / 7);
    assertThat(seconds(oneLevel(LinkKind.MESH, 8, false), Pattern.ALL_REDUCE, 4, 1, 1e9))
        .isCloseTo(expected, exactly());
  }

  @Test
  void twoLevelsReduceInsideFirst() {
    // Inside 8 chips at 500 GB/s and 1 us, across 2 nodes at 50 GB/s and 5 us.
    double inside = 2 * 1e-6 + 2 * 7.0 / 8 * 1e9 / 5e11;
    double across = 2 * 5e-6 + 2 * 1.0 / 2 * (1e9 / 8) / 5e10;
    assertThat(seconds(TestPlatforms.nodes(2, 8), Pattern.ALL_REDUCE, 16, 1, 1e9))
        .isCloseTo(inside + across, exactly());
  }

  /** Six on nodes of four: the two on the second node have two links out for half the payload. */
  @Test
  void aPartlyFilledNodeLendsTheLinksOfItsOwn() {
    double inside = 2 * 1e-6 + 2 * 3.0 / 4 * 1e9 / 5e11;
    double across = 2 * 5e-6 + 2 * 1.0 / 2 * (1e9 / 2) / 5e10;
    assertThat(seconds(TestPlatforms.nodes(2, 4), Pattern.ALL_REDUCE, 6, 1, 1e9))
        .isCloseTo(inside + across, exactly());
  }

  /**
   * The second of three ranks on nodes of four has two on one node, who add up in two shots, and
   * one on the next, with whom they exchange in one.
   */
  @Test
  void aGroupThatLiesAcrossNodesIsPricedOnTheFabric() {
    double inside = 2 * 1e-6 + 1e9 / 5e11;
    double across = 5e-6 + 1e9 / 5e10;
    assertThat(seconds(TestPlatforms.nodes(2, 4), Pattern.ALL_REDUCE, 3, 1, 1e9))
        .isCloseTo(inside + across, exactly());
    assertThat(seconds(TestPlatforms.nodes(1, 4), Pattern.ALL_REDUCE, 3, 1, 1e9))
        .isLessThan(inside + across / 2);
  }

  @Test
  void neighboursEightApartMeetOnTheFabric() {
    double expected = 2 * 5e-6 + 2 * 3.0 / 4 * 1e9 / 5e10;
    assertThat(seconds(TestPlatforms.nodes(4, 8), Pattern.ALL_REDUCE, 4, 8, 1e9))
        .isCloseTo(expected, exactly());
  }

  @Test
  void gatheringMovesEachPartAcrossTheFabricOnce() {
    // 16 parts: each device fetches 1 of 16 across, then 7 x 2 of 16 inside.
    double across = 5e-6 + 1.0 / 16 * 1e9 / 5e10;
    double inside = 1e-6 + 14.0 / 16 * 1e9 / 5e11;
    assertThat(seconds(TestPlatforms.nodes(2, 8), Pattern.ALL_GATHER, 16, 1, 1e9))
        .isCloseTo(across + inside, exactly());
  }

  @Test
  void allToAllSendsEachDestinationItsPart() {
    double inside = 1e-6 + 7.0 / 16 * 1e9 / 5e11;
    double across = 5e-6 + 8.0 / 16 * 1e9 / 5e10;
    assertThat(seconds(TestPlatforms.nodes(2, 8), Pattern.ALL_TO_ALL, 16, 1, 1e9))
        .isCloseTo(across + inside, exactly());
  }

  @Test
  void chipsWithoutALinkCannotExchange() {
    Platform base = TestPlatforms.nodes(1, 8);
    Platform apart =
        new Platform(
            "apart",
            base.chip(),
            8,
            List.of(),
            8,
            Optional.empty(),
            Optional.empty(),
            "",
            List.of());
    assertThatThrownBy(() -> seconds(apart, Pattern.ALL_REDUCE, 8, 1, 1e4))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("no link");
  }

  @Test
  void aHopBetweenStagesUsesOneLinkOfAMesh() {
    // 8 chips: one of seven links.
    assertThat(hop(oneLevel(LinkKind.MESH, 8, false), 1, 7, 1e9))
        .isCloseTo(HOP_SECONDS + 1e9 / (LINK / 7), exactly());
    assertThat(hop(oneLevel(LinkKind.TORUS, 8, false), 1, 7, 1e9))
        .isCloseTo(HOP_SECONDS + 1e9 / (LINK / 2), exactly());
  }

  @Test
  void hopsThatLeaveANodeArePricedOnTheFabric() {
    // Four stages of four chips on two nodes of eight: two hops inside, one across.
    double inside = 1e-6 + 1e9 / 5e11;
    double across = 5e-6 + 1e9 / 5e10;
    assertThat(hop(TestPlatforms.nodes(2, 8), 4, 3, 1e9))
        .isCloseTo((2 * inside + across) / 3, exactly());
  }

  private static double hop(Platform platform, int stride, int hops, double payloadBytes) {
    Operator.Transfer transfer =
        new Operator.Transfer("x", stride, hops, LinearForm.constant(payloadBytes));
    OperatorPrice price = Collectives.price(transfer, new Site(platform));
    OperatorCost cost = new OperatorCost(platform.chip().memory().size(), platform.levels().size());
    price.price(new double[] {1}, cost);
    return cost.timeSeconds;
  }
}
