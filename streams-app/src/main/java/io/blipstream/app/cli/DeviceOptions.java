package io.blipstream.app.cli;

import io.blipstream.model.ComputeDevice;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a model runs on. */
final class DeviceOptions {

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu|tensorrt",
      defaultValue = "auto",
      description =
          "What it runs on; auto takes a GPU if native libraries for one are configured (default:"
              + " ${DEFAULT-VALUE}).")
  private Device device;

  private enum Device {
    AUTO,
    CPU,
    GPU,
    TENSORRT
  }

  /** Empty for auto. */
  Optional<ComputeDevice> device() {
    return device == Device.AUTO
        ? Optional.empty()
        : Optional.of(ComputeDevice.valueOf(device.name()));
  }

  /** As the user writes it. */
  String word() {
    return device.name().toLowerCase(Locale.ROOT);
  }
}
