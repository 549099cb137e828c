package dev.ridgeline.calibration;

import dev.ridgeline.kernel.Kernel;
import dev.ridgeline.kernel.KernelFamily;
import dev.ridgeline.kernel.Parameter;
import dev.ridgeline.kernel.Warmth;
import dev.ridgeline.kernel.measured.Axes;
import dev.ridgeline.platform.Platform;
import java.util.List;

/** A toy family: a copy takes a launch and its bytes over a share of the memory's bandwidth. */
record Copying() implements KernelFamily<Copying.Shape> {
  static final OperatorTable<Shape> TABLE =
      new OperatorTable<>(
          new Copying(),
          new Axes<>(
              Shape::format,
              _ -> List.of(),
              Shape::bytes,
              (shape, bytes) -> new Shape(shape.format(), bytes)),
          List.of("dtype", "bytes"),
          row -> new Shape(row.text("dtype"), row.whole("bytes", 0, OperatorTable.LARGEST)),
          shape -> Long.toString(shape.bytes()),
          List.of());

  record Shape(String format, long bytes) {
    Shape {
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes must be at least 1");
      }
    }
  }

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public String variant(Shape shape) {
    return shape.format();
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter("launch", "s", "time of an empty call", 1e-7, 1e-6, 1e-5),
        new Parameter("unused", "1", "nothing depends on it", 1, 2, 4),
        new Parameter("reach", "1", "share of the bandwidth reached", 0.1, 0.8, 1.0));
  }

  @Override
  public Kernel<Shape> on(Platform platform, String variant, Warmth warmth, double[] constants) {
    double bytesPerSecond =
        constants[2] * platform.chip().mainMemory().bandwidth().orElseThrow().value();
    return shape -> constants[0] + shape.bytes() / bytesPerSecond;
  }
}
