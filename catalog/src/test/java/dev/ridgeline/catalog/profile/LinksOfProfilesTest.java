package dev.ridgeline.catalog.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.CommFamily;
import dev.ridgeline.kernel.CommShape;
import dev.ridgeline.kernel.Doubt;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.platform.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose constants collectives take, by what they cross. */
class LinksOfProfilesTest {
  private static final CommFamily FAMILY = new CommFamily();
  private static final double GIGABYTE = 1e9;

  private static FittedConstants find(String platform, CommShape shape) {
    Platform around = Catalog.shipped().platform(platform);
    return Catalog.shipped()
        .profiles()
        .under(EngineName.parse("trtllm"))
        .find(FAMILY, FAMILY.variant(shape), around, FAMILY.crossing(around, shape))
        .orElseThrow();
  }

  private static double seconds(String platform, CommShape shape, double[] constants) {
    return FAMILY
        .on(Catalog.shipped().platform(platform), FAMILY.variant(shape), Warmth.WARM, constants)
        .seconds(shape);
  }

  private static CommShape allReduce(int ranks) {
    return CommShape.of("nccl", "all_reduce", "half", ranks, 1L << 29);
  }

  @ParameterizedTest
  @CsvSource({
    "8xh100-sxm, 8, kernel:h100-sxm/nccl-2.29.2",
    "8xh200-sxm, 8, kernel:sibling h100-sxm over nvlink",
    "2xh100-nvl, 2, kernel:sibling h100-sxm over nvlink",
    "8xh100-nvl, 8, kernel:generation ada over pcie in a box that was not measured",
    "8xh100-pcie, 8, kernel:generation ada over pcie in a box that was not measured",
    "8xh100-pcie, 2, kernel:generation ada over pcie",
    "8xa100-pcie-80gb, 4, kernel:generation ada over pcie in a box that was not measured",
    "8xl4, 4, kernel:sibling l40s over pcie in a box that was not measured",
    "8xl40s, 8, kernel:l40s/nccl-2.27.3 in a box that was not measured",
    "l40s-8, 8, kernel:l40s/nccl-2.27.3",
    "l40s-8-switched, 8, kernel:l40s/nccl-2.27.3",
    "mi300x-8, 8, kernel:default over infinity-fabric",
  })
  void aMediumIsNearerThanAnArchitecture(String platform, int ranks, String source) {
    assertThat(find(platform, allReduce(ranks)).source()).isEqualTo(source);
  }

  @Test
  void whatOneBoxReachesIsNotTakenForAnother() {
    FittedConstants measured = find("l40s-8", allReduce(8));
    FittedConstants other = find("8xl40s", allReduce(8));
    int bridge = FAMILY.parameters().size() - 2;

    assertThat(measured.doubt()).isEmpty();
    assertThat(find("8xl40s", allReduce(2)).doubt()).isEmpty();
    assertThat(other.values()[bridge]).isNotEqualTo(measured.values()[bridge]);
    assertThat(other.values()[0]).isEqualTo(measured.values()[0]);
    Doubt doubt = other.doubt().orElseThrow();
    assertThat(seconds("8xl40s", allReduce(8), doubt.best()))
        .isLessThan(seconds("8xl40s", allReduce(8), other.values()));
    assertThat(seconds("8xl40s", allReduce(8), doubt.worst()))
        .isGreaterThan(seconds("8xl40s", allReduce(8), other.values()));
  }

  /**
   * Bus bandwidths that others have published of boxes without switches, for large messages: A100
   * in NVIDIA/nccl-tests issue 178, RTX 5090 in NVIDIA/nccl issue 1639, RTX PRO 6000 in
   * voipmonitor/rtx6kpro, hardware/pcie-bandwidth.md (two EPYC Turin, cards attached directly).
   */
  @ParameterizedTest
  @CsvSource({
    "8xa100-pcie-80gb, 3, 20",
    "4xrtx-5090, 4, 35",
    "8xrtx-pro-6000, 8, 37.6",
    "8xrtx-pro-6000, 7, 41.5",
  })
  void publishedBoxesLieInTheBand(String platform, int ranks, double publishedGigabytes) {
    CommShape shape = allReduce(ranks);
    FittedConstants found = find(platform, shape);
    Doubt doubt = found.doubt().orElseThrow();
    double sent = 2.0 * (ranks - 1) / ranks * shape.bytes() / GIGABYTE;

    assertThat(publishedGigabytes)
        .isBetween(
            sent / (seconds(platform, shape, doubt.worst()) * found.high()),
            sent / (seconds(platform, shape, doubt.best()) * found.low()));
    assertThat(sent / seconds(platform, shape, found.values()))
        .isBetween(publishedGigabytes / 1.7, publishedGigabytes * 1.7);
  }

  /**
   * Racks of GB200 beyond the four chips of the tables: two trays (lixueduan.com, GB200 MNNVL), and
   * all eighteen (coreweave/nccl-tests pull request 43), 8 GiB of float32 each.
   */
  @ParameterizedTest
  @CsvSource({"8, 811, 1.1", "72, 835, 1.3"})
  void switchesAddForARackAsPublished(int ranks, double publishedGigabytes, double factor) {
    CommShape shape = CommShape.of("nccl", "all_reduce", "float", ranks, 1L << 31);
    double sent = 2.0 * (ranks - 1) / ranks * shape.bytes() / GIGABYTE;
    double reached = sent / seconds("gb200-nvl72", shape, find("gb200-nvl72", shape).values());

    assertThat(reached).isBetween(publishedGigabytes / factor, publishedGigabytes * factor);
  }

  /** Two chips of a full mesh have one link of seven between them: 64 of 448 GB/s. */
  @Test
  void twoChipsOfAMeshHaveOneLink() {
    CommShape shape = allReduce(2);
    for (String platform : new String[] {"2xmi300x", "mi300x-8"}) {
      assertThat(shape.bytes() / seconds(platform, shape, find(platform, shape).values()))
          .isBetween(0.4 * 64e9, 64e9);
    }
  }
}
