package io.blipstream.model.hub;

import io.blipstream.model.checkpoint.BlipParameters;
import io.blipstream.model.checkpoint.Checkpoint;
import io.blipstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Whether a folder is a BLIP that can be run: every weight there, of its shape, and finite. */
final class CheckpointCheck {

  private CheckpointCheck() {}

  /**
   * @param shown how messages call the folder
   * @throws CheckpointException saying what is wrong
   */
  static void require(Path folder, String shown) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      if (!checkpoint.isCaptioner() && !checkpoint.isFilter()) {
        throw new CheckpointException(
            folder + " holds neither a captioner (text_decoder) nor a filter (itm_head) of BLIP.");
      }
      if (checkpoint.isCaptioner()) {
        require(checkpoint, BlipParameters.captioner(checkpoint.config()));
      }
      if (checkpoint.isFilter()) {
        require(checkpoint, BlipParameters.filter(checkpoint.config()));
      }
    } catch (CheckpointException e) {
      throw new CheckpointException(e.getMessage().replace(folder.toString(), shown), e);
    }
  }

  private static void require(Checkpoint checkpoint, Map<String, long[]> parameters)
      throws IOException {
    checkpoint.require(parameters);
    for (Map.Entry<String, long[]> parameter : parameters.entrySet()) {
      checkpoint.read(parameter.getKey(), parameter.getValue());
    }
  }
}
